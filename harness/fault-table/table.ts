import type { Changes, Row } from './row.ts';

/**
 * What every fault must do to every connection there can be, as data: this table is the promise, `gauntlet doctor
 * --faults` and test/fault-table hold it against real machines, and docs/faults.md prints it.
 *
 * Rows about links have the harness's own echo on all three ports of each server, in the server's place in the backend's
 * network. Only so is every port open everywhere (a quorum port listens on the leader alone) and can a connection be kept
 * on each: a real election port reads from one new connection at a time (QuorumCnxManager.ListenerHandler), so a stranger's
 * would stall elections. Rows about processes have real servers, and sessions that are pinged; so has one row about links,
 * to show that the echo stands for them.
 */

const of1 = '1>2 1>3';
const to1 = '2>1 3>1';
const own = `${of1} ${to1}`;

/**
 * Lost packets. A new connection needs both directions, so it hangs from either end; an open one tells them apart: where
 * only the answers are lost, what is said still arrives (`>`). Nothing is closed, and all goes on after the heal.
 */
const cut = (
  fault: string,
  params: Row['params'],
  fresh: Changes,
  kept: Changes = fresh,
  victims: readonly number[] = [1],
): Row => ({ fault, params, victims, on: 'echo', during: { fresh, kept } });

const isolate = (params: Row['params'], fresh: Changes, kept?: Changes) =>
  cut('isolate', params, fresh, kept);

/** An ended process: nothing listens any more, and its connections are closed; they stay so when it is back. */
const onServer1 = `${to1} c>1`;
const closed: Changes = { [onServer1]: 'x..' };
const ended = (fault: string, fresh: Changes, params: Row['params'] = {}): Row => ({
  fault,
  params,
  victims: [1],
  on: 'servers',
  during: { fresh, kept: closed },
  keptAfter: closed,
});

export const faultTable: readonly Row[] = [
  isolate({}, { [own]: '---' }),
  isolate({ direction: 'from' }, { [own]: '---' }, { [of1]: '---', [to1]: '>>>' }),
  isolate({ direction: 'to' }, { [own]: '---' }, { [of1]: '>>>', [to1]: '---' }),

  isolate({ ports: ['client'] }, { [own]: '-oo' }),
  isolate({ ports: ['client'], direction: 'from' }, { [own]: '-oo' }, { [of1]: '-oo', [to1]: '>oo' }),
  isolate({ ports: ['client'], direction: 'to' }, { [own]: '-oo' }, { [of1]: '>oo', [to1]: '-oo' }),
  isolate({ ports: ['quorum'] }, { [own]: 'o-o' }),
  isolate({ ports: ['quorum'], direction: 'from' }, { [own]: 'o-o' }, { [of1]: 'o-o', [to1]: 'o>o' }),
  isolate({ ports: ['quorum'], direction: 'to' }, { [own]: 'o-o' }, { [of1]: 'o>o', [to1]: 'o-o' }),
  isolate({ ports: ['election'] }, { [own]: 'oo-' }),
  isolate({ ports: ['election'], direction: 'from' }, { [own]: 'oo-' }, { [of1]: 'oo-', [to1]: 'oo>' }),
  isolate({ ports: ['election'], direction: 'to' }, { [own]: 'oo-' }, { [of1]: 'oo>', [to1]: 'oo-' }),

  isolate({ clients: true }, { [`${own} c>1`]: '---' }),
  isolate({ clients: true, peers: false }, { 'c>1': '---' }),
  isolate({ clients: true, peers: false, direction: 'from' }, { 'c>1': '---' }, { 'c>1': '>>>' }),
  isolate({ clients: true, peers: false, direction: 'to' }, { 'c>1': '---' }),
  isolate({ clients: true, peers: false, ports: ['client'] }, { 'c>1': '-oo' }),
  cut('isolate', {}, { [`${own} 2>3 3>2`]: '---' }, undefined, [1, 2]),

  cut('partition', {}, { [own]: '---' }),
  cut('partition', {}, { '1>3 2>3 3>1 3>2': '---' }, undefined, [1, 2]),
  cut('partition', { groups: [[1], [2], [3]] }, { [`${own} 2>3 3>2`]: '---' }),
  cut('bridge', {}, { '2>3 3>2': '---' }),

  {
    fault: 'isolate',
    params: {},
    victims: [1],
    on: 'servers',
    during: { fresh: { [own]: '---' }, kept: { [own]: '-..' } },
  },
  // A frozen process keeps its sockets: the kernel goes on accepting connections that nobody answers.
  {
    fault: 'pause',
    params: {},
    victims: [1],
    on: 'servers',
    during: { kept: { [onServer1]: '-..' } },
  },
  ended('kill', { [onServer1]: 'xxx' }),
  ended('stop', { [onServer1]: 'xxx' }),
  // It is on its way back already.
  ended('restart', { [onServer1]: '*x*' }),
  ended('wipe', { [onServer1]: 'xxx' }),
  ended('spoil', { [onServer1]: 'xxx' }, { snapshots: 'emptied' }),
];
