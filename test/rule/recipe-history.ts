import type { Op } from '../../harness/history/op.ts';
import {
  balanceTree,
  configTree,
  latchTree,
  membersTree,
  namingTree,
  queueTree,
} from '../../harness/workload/recipe-tree.ts';
import { row } from './hand.ts';

const root = '/gauntlet';
const digits = (number: number) => String(number).padStart(10, '0');

/** A lawful play of every recipe, written by hand: one operation after the other, each at a zxid of its own. */
class Play {
  readonly ops: Op[] = [];
  private zxid = 0;

  constructor(...folders: string[]) {
    for (const session of [1, 2])
      this.push(row('connect', '', 0, { session, value: `c${session}`, result: `0${session}` }));
    this.make('');
    for (const folder of folders) {
      const parts = folder.split('/').slice(1);
      for (let depth = 1; depth <= parts.length; depth++) {
        const path = `/${parts.slice(0, depth).join('/')}`;
        if (!this.ops.some((op) => op.path === root + path)) this.make(path);
      }
    }
  }

  /** `more.result`: what it is called, for a sequential one. */
  make(path: string, more: Partial<Op> = {}): this {
    return this.push(row('create', root + path, ++this.zxid, { value: '', ...more }));
  }

  remove(path: string, session = 1): this {
    return this.push(row('delete', root + path, ++this.zxid, { session, value: null }));
  }

  write(path: string, value: string, session = 1): this {
    return this.push(row('setData', root + path, ++this.zxid, { session, value }));
  }

  /** A list at the present zxid. */
  list(path: string, names: readonly string[], session = 1): this {
    return this.push(row('getChildren', root + path, this.zxid, { session, result: JSON.stringify(names) }));
  }

  close(session: number): this {
    return this.push(row('close', '', ++this.zxid, { session }));
  }

  /** Somebody looks for a node and is told that there is none. */
  missing(path: string): this {
    return this.push(row('exists', root + path, this.zxid, { outcome: 'fail', error: -101 }));
  }

  push(op: Op): this {
    this.ops.push(op);
    return this;
  }

  get now(): number {
    return this.zxid;
  }
}

const numbered = (
  folder: string,
  name: string,
  number: number,
  session: number,
  mode: number,
): [string, Partial<Op>] => [
  `${folder}/${name}`,
  { session, flags: mode, result: `${root}${folder}/${name}${digits(number)}` },
];

const candidate = (session: number, number: number) =>
  numbered(latchTree.candidates, `c${session}-`, number, session, 3);
const item = (number: number) => numbered(queueTree.items, 'i-', number, 1, 2);
const worker = (session: number) => `${balanceTree.workers}/w${session}`;
const member = (session: number) => `${membersTree.members}/c${session}-${session}`;

/** One lawful play of each recipe. */
export const plays = {
  latch: () =>
    new Play(latchTree.candidates, latchTree.acts)
      .make(...candidate(1, 0))
      .make(...candidate(2, 1))
      .write(latchTree.acts, `c1-${digits(0)} 1`, 1)
      .remove(`${latchTree.candidates}/c1-${digits(0)}`, 1)
      .write(latchTree.acts, `c2-${digits(1)} 1`, 2),
  barrier: () => {
    const play = new Play('/barrier', '/barrier/r0');
    for (const mark of ['here', 'in', 'done', 'out']) {
      for (const session of [1, 2]) play.make(`/barrier/r0/${mark}-c${session}`, { session });
    }
    return play;
  },
  queue: () => {
    const play = new Play(queueTree.items, queueTree.taken);
    for (const number of [0, 1]) play.make(...item(number));
    for (const number of [0, 1]) {
      play.remove(`${queueTree.items}/i-${digits(number)}`);
      play.make(`${queueTree.taken}/i-${digits(number)}-c${number}`);
    }
    return play;
  },
  config: () =>
    new Play(configTree.current, `${configTree.applied}/c1`)
      .write(configTree.current, '1')
      .write(configTree.current, '2', 2)
      .write(`${configTree.applied}/c1`, '1')
      .write(`${configTree.applied}/c1`, '2'),
  members: () =>
    new Play(membersTree.members)
      .make(member(1), { session: 1, flags: 1 })
      .make(member(2), { session: 2, flags: 1 })
      .list(membersTree.members, ['c1-1', 'c2-2'], 2)
      .close(1)
      .list(membersTree.members, ['c2-2'], 2)
      .close(2),
  naming: () =>
    new Play(namingTree.given, namingTree.used)
      .make(...numbered(namingTree.given, 'n-', 0, 1, 2))
      .make(...numbered(namingTree.given, 'n-', 1, 2, 2))
      .make(`${namingTree.used}/0-c1`)
      .make(`${namingTree.used}/1-c2`, { session: 2 }),
  balance: () =>
    new Play(balanceTree.workers, balanceTree.tasks)
      .make(worker(1), { session: 1, flags: 1 })
      .make(worker(2), { session: 2, flags: 1 })
      .make(...numberedTask(0, 'w1'))
      .make(...numberedTask(1, 'w2'))
      .remove(worker(1), 1)
      .make(...numberedTask(2, 'w2')),
  'mortal-nodes': () =>
    new Play('/mortals')
      .make('/mortals/box', { flags: 4 })
      .make('/mortals/box/child')
      .remove('/mortals/box/child')
      .make('/mortals/brief', { flags: 5, value: '0' })
      .missing('/mortals/box')
      .missing('/mortals/brief'),
  'packet-limit': () =>
    new Play('/large/n0').write('/large/n0', 'x'.repeat(0xf_ffff - 20 - '/gauntlet/large/n0'.length)).push({
      ...row('setData', '/gauntlet/large/n0', 0, { outcome: 'unknown', error: -4 }),
      value: 'y'.repeat(0xf_ffff),
    }),
};
export type Played = keyof typeof plays;

function numberedTask(number: number, value: string): [string, Partial<Op>] {
  const [path, more] = numbered(balanceTree.tasks, 't-', number, 1, 2);
  return [path, { ...more, value }];
}
