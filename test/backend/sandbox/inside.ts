import type { Cut } from '../../../harness/backend/backend.ts';
import type { Launcher } from '../../../harness/backend/sandbox/machine.ts';
import { makeSandboxSite } from '../../../harness/backend/sandbox/site.ts';
import { clockSince, sleep, takeOrigin } from '../../../harness/base/clock.ts';
import { resolveTopology } from '../../../harness/topology/resolve.ts';

/**
 * Run inside a sandbox by sandbox.server.test.ts: a site with two idle processes instead of servers, a cut and a freeze
 * while the harness hangs, and a disk that is full. Prints one JSON object with what was seen.
 */
const clock = clockSince(takeOrigin());
const in_ = (ms: number) => clock.nowNs() + ms * 1e6;
/** Nothing of ours runs while this holds the thread: what heals meanwhile was healed by somebody else. */
const hang = (ms: number) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

const idle: Launcher = () => ({ version: '3.9.5', files: [], command: ['sleep', '600'] });
const site = await makeSandboxSite(
  { topology: resolveTopology({ voters: 2 }, '3.9.5'), clock, logDirectory: '/dev/shm', runId: 'test' },
  idle,
);
const both: Cut[] = [
  { from: 1, to: 2, ports: 'all' },
  { from: 2, to: 1, ports: 'all' },
];
const reach = async () => {
  const [forth, back] = await site.probe([
    { from: 1, to: 2, port: 7 },
    { from: 2, to: 1, port: 7 },
  ]);
  return { forth, back };
};
const until = (untilNs: number) => (cut: Cut) => ({ ...cut, untilNs });

await site.setCuts(both.map(until(in_(1500))));
const beforeDeadline = await reach();
hang(2500);
const afterDeadline = await reach();

const machine = site.machines.get(1)!;
await machine.start();
await machine.thawAt(in_(1000));
await machine.signal('SIGSTOP');
await sleep(50);
const frozen = await machine.state();
hang(2000);
const thawed = await machine.state();
await machine.signal('SIGKILL');
const exit = await machine.ended();

const [own, other] = [machine.disk!, site.machines.get(2)!.disk!];
await own.fill();
const whileFull = { own: await own.hasRoom(), other: await other.hasRoom() };
await own.free();
const disk = { whileFull, freed: await own.hasRoom() };

const { capabilities } = site;
await site.dispose();
console.log(
  JSON.stringify({
    capabilities,
    beforeDeadline,
    afterDeadline,
    frozen,
    thawed,
    exit,
    disk,
  }),
);
process.exit(0);
