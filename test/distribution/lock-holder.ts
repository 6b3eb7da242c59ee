/** Takes the lock named on the command line, says so, and keeps it until it is killed or its input ends. */
import { once } from 'node:events';
import { lock } from '../../harness/distribution/cache-lock.ts';

const held = await lock(process.argv[2]!, { what: 'a test', deadlineMs: 20_000, progress: () => undefined });
process.stdout.write('held\n');
process.stdin.resume();
await once(process.stdin, 'end');
process.stdout.write('released\n');
await held.release();
