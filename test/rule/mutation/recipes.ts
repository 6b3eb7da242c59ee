import type { Op, Zxid } from '../../../harness/history/op.ts';
import { inTurn } from '../hand.ts';
import { type Played, plays } from '../recipe-history.ts';
import type { Simulated } from '../simulated-ensemble.ts';
import type { Mutation } from './lie.ts';

/** Workloads whose rule has another name. */
const workloadOf: Partial<Record<Played, string>> = { 'mortal-nodes': 'mortals', 'packet-limit': 'large' };

/** The play of a recipe in the setting of a simulated run. Its disks are another run's, so nobody looks at them. */
export function playedIn(run: Simulated, played: Played, ops: readonly Op[]): Simulated {
  const { transactions: _, ...rest } = run.rest;
  const workload = { use: workloadOf[played] ?? played, clients: 2 };
  return {
    ops: inTurn(ops),
    rest: { ...rest, scenario: { ...rest.scenario, workload }, lacks: { 'server-disks': 'not looked at' } },
  };
}

/** A lie about one operation of a recipe's lawful play: the one that the path, or the value, names. */
function lie(
  name: string,
  played: Played,
  which: (op: Op) => boolean,
  change: (op: Op, all: Op[]) => unknown,
): Mutation {
  return {
    name,
    caughtBy: [played],
    apply(run) {
      const { ops } = plays[played]();
      const row = ops.findLastIndex(which);
      change(ops[row]!, ops);
      return playedIn(run, played, ops);
    },
  };
}

const ending = (text: string) => (op: Op) => (op.result ?? op.path).endsWith(text);
const writing = (text: string) => (op: Op) => op.value === text;

/** Two operations change places in the order of zxids, and in time. */
function exchange(ops: Op[], one: Op, other: Op): void {
  const [i, j] = [ops.indexOf(one), ops.indexOf(other)];
  const zxid = one.zxid;
  one.zxid = other.zxid;
  other.zxid = zxid;
  ops[i] = other;
  ops[j] = one;
}

export const recipeMutations: readonly Mutation[] = [
  lie('a candidate acts while one ahead of it is there', 'latch', writing('c1-0000000000 1'), (op) => {
    op.value = 'c2-0000000001 1';
  }),
  lie('a leader acts without its node', 'latch', writing('c2-0000000001 1'), (op) => {
    op.value = 'c1-0000000000 2';
  }),
  lie('a client enters a barrier before the last has come', 'barrier', ending('in-c1'), (op, all) =>
    exchange(all, all.find(ending('here-c2'))!, op),
  ),
  lie('a client leaves a barrier before the last is done', 'barrier', ending('out-c1'), (op, all) =>
    exchange(all, all.find(ending('done-c2'))!, op),
  ),
  lie('an item is taken twice', 'queue', ending('i-0000000001-c1'), (op) => {
    op.path = op.result = '/gauntlet/queue/taken/i-0000000000-c1';
  }),
  lie('items are taken in the wrong order', 'queue', ending('i-0000000001-c1'), (op, all) => {
    const first = all.find(ending('i-0000000000-c0'))!;
    [first.path, op.path] = [op.path, first.path];
    [first.result, op.result] = [op.result, first.result];
  }),
  lie('an item goes and nobody took it', 'queue', ending('i-0000000001-c1'), (op, all) => {
    all.splice(all.indexOf(op), 1);
  }),
  lie('two pushes replace the same version', 'config', writing('2'), (_, all) => {
    all.find((op) => op.value === '2')!.value = '1';
  }),
  lie('a client goes back to an older version', 'config', ending('applied/c1'), (op, all) => {
    const before = all.findLast((each) => each !== op && each.path === op.path)!;
    [before.value, op.value] = ['2', '1'];
  }),
  lie('a client applies a version before it was pushed', 'config', ending('applied/c1'), (op, all) => {
    exchange(all, all.find(writing('2'))!, all.find((each) => each.path === op.path && each.value === '1')!);
    all.find((each) => each.path === op.path && each.value === '1')!.value = '2';
  }),
  lie('a name is used by two', 'naming', ending('1-c2'), (op) => {
    op.path = op.result = '/gauntlet/naming/used/0-c2';
  }),
  lie('a task goes to a worker that has left', 'balance', ending('t-0000000002'), (op) => {
    op.value = 'w1';
  }),
  lie('a task goes to a worker that never was', 'balance', ending('t-0000000000'), (op) => {
    op.value = 'w9';
  }),
  {
    name: 'a member is listed after its session has ended',
    caughtBy: ['members'],
    apply(run) {
      const { ops } = plays.members();
      // Persistent nodes: their sessions end, and they stay.
      for (const op of ops) if (op.kind === 'create') op.flags = 0;
      const list = ops.findLast(({ kind }) => kind === 'getChildren')!;
      list.result = JSON.stringify(['c1-1', 'c2-2']);
      return playedIn(run, 'members', ops);
    },
  },
  {
    name: 'a member whose session lives is missing from a list',
    caughtBy: ['members', 'ephemerals'],
    apply(run) {
      const { ops } = plays.members();
      ops.find(({ kind }) => kind === 'getChildren')!.result = JSON.stringify(['c2-2']);
      return playedIn(run, 'members', ops);
    },
  },
  lie('a container vanishes that never had a child', 'mortal-nodes', ending('box/child'), (_, all) => {
    const kept = all.filter((op) => !op.path.endsWith('box/child'));
    all.splice(0, all.length, ...kept);
  }),
  lie('a TTL node vanishes before its TTL', 'mortal-nodes', writing('0'), (op) => {
    op.value = '60000';
  }),
  lie(
    'a packet beyond the limit is accepted',
    'packet-limit',
    ({ error }) => error === -4,
    (op, all) => {
      const zxid = (Math.max(...all.map((each) => each.zxid)) + 1) as Zxid;
      Object.assign(op, { outcome: 'ok', error: 0, zxid });
    },
  ),
  lie(
    'a packet within the limit is refused',
    'packet-limit',
    ({ kind, zxid }) => kind === 'setData' && zxid > 0,
    (op) => {
      Object.assign(op, { outcome: 'fail', error: -5 });
    },
  ),
];
