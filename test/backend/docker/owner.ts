import { waitFor } from '../../../harness/base/wait.ts';
import { ground } from './engine-here.ts';

/**
 * A process to be killed: makes a site of two servers for run `argv[2]` in a directory in `argv[3]`, says how far it got,
 * and then waits for its end. Pauses one server and cuts a link, so that both are in force when it dies.
 */
const say = (line: string) => process.stdout.write(`${line}\n`);
say('begins');
const { site, clock } = await ground({ voters: 2 }, process.argv[2]!, process.argv[3]!);
say('provisioned');
await Promise.all([...site.machines.values()].map((machine) => machine.start()));
say('started');
const frozen = site.machines.get(2)!;
await frozen.thawAt(clock.nowNs() + 600e9);
await frozen.signal('SIGSTOP');
await site.setCuts([{ from: 1, to: 2, ports: 'all', untilNs: clock.nowNs() + 600e9 }]);
await waitFor({ what: 'zk2 to be paused', deadlineMs: 10_000 }, async () =>
  (await frozen.state()) === 'paused' ? true : undefined,
);
say('paused');
process.stdin.resume();
