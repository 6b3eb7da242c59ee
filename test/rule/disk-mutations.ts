import type { Random } from '../../harness/base/random.ts';
import { mergeLogs } from '../../harness/datadir/merge-logs.ts';
import type { StoredServer, StoredTransactions } from '../../harness/datadir/stored-transactions.ts';
import type { Transaction } from '../../harness/datadir/transaction.ts';
import { epochOf, type Zxid } from '../../harness/history/op.ts';
import type { Mutation } from './mutations.ts';
import type { Simulated } from './simulated-ensemble.ts';

/** The log of each server, to be changed at will. */
type Logs = Map<number, Transaction[]>;

function logsOf({ servers, rows }: StoredTransactions): Logs {
  const logs: Logs = new Map(servers.map(({ sid }) => [sid, []]));
  for (const { transaction, on } of rows) for (const sid of on) logs.get(sid)!.push(transaction);
  return logs;
}

function withLogs(run: Simulated, logs: Logs): Simulated {
  const rows = [...mergeLogs([...logs].map(([sid, log]) => ({ sid, transactions: log.values() })))];
  return { ...run, rest: { ...run.rest, transactions: { ...run.rest.transactions!, rows } } };
}

/** Servers that took nothing over: what they lack, they lost. */
const plain = ({ servers }: StoredTransactions) =>
  servers.filter(({ snapshots }) => snapshots.length === 0).map(({ sid }) => sid);

/** Changes the log of one server at one place, not near the end, where servers may differ. */
function inOneLog(
  fits: (transaction: Transaction, log: readonly Transaction[], at: number) => boolean,
  change: (log: Transaction[], at: number, random: Random) => void,
) {
  return (run: Simulated, random: Random): Simulated | undefined => {
    const logs = logsOf(run.rest.transactions!);
    const log = logs.get(random.pick(plain(run.rest.transactions!)))!;
    const places = log.flatMap((each, at) =>
      at > 0 && at < log.length - 10 && fits(each, log, at) ? [at] : [],
    );
    if (places.length === 0) return undefined;
    change(log, random.pick(places), random);
    return withLogs(run, logs);
  };
}

/** Changes an acknowledged write of a register, in all logs alike. */
function inAllLogs(change: (log: Transaction[], at: number) => void) {
  return (run: Simulated, random: Random): Simulated | undefined => {
    const acked = run.ops.filter(
      ({ kind, outcome, path }) =>
        kind === 'setData' && outcome === 'ok' && path.startsWith('/gauntlet/registers/'),
    );
    if (acked.length === 0) return undefined;
    const { zxid } = random.pick(acked);
    const logs = logsOf(run.rest.transactions!);
    for (const log of logs.values()) {
      const at = log.findIndex((each) => each.zxid === zxid);
      if (at >= 0) change(log, at);
    }
    return withLogs(run, logs);
  };
}

/** Puts something into a transaction. */
const put = (more: object) => (log: Transaction[], at: number) => {
  log[at] = { ...log[at]!, ...more } as Transaction;
};

function onOneServer(change: (server: StoredServer) => StoredServer) {
  return (run: Simulated, random: Random): Simulated => {
    const transactions = run.rest.transactions!;
    const { sid } = random.pick(transactions.servers);
    const servers = transactions.servers.map((server) => (server.sid === sid ? change(server) : server));
    return { ...run, rest: { ...run.rest, transactions: { ...transactions, servers } } };
  };
}

export const diskMutations: readonly Mutation[] = [
  {
    name: 'a server’s log lacks a transaction although it went on',
    caughtBy: ['logs-agree'],
    apply: inOneLog(
      () => true,
      (log, at) => log.splice(at, 1),
    ),
  },
  {
    name: 'a server’s log has other data at a zxid',
    caughtBy: ['logs-agree'],
    apply: inOneLog(({ type }) => type === 'setData', put({ value: 'other' })),
  },
  {
    name: 'two transactions changed places in a server’s log',
    caughtBy: ['logs-agree'],
    apply: inOneLog(
      () => true,
      (log, at) => {
        [log[at], log[at + 1]] = [log[at + 1]!, log[at]!];
      },
    ),
  },
  {
    name: 'two leaders proposed different things in one epoch',
    caughtBy: ['logs-agree'],
    apply: inOneLog(
      ({ zxid }, log, at) => epochOf(zxid) > epochOf(log[at - 1]!.zxid),
      put({ type: 'delete', path: '/gauntlet/elsewhere' }),
    ),
  },
  {
    name: 'a proposal that was given up is still in the log of a server that went on',
    caughtBy: ['logs-agree'],
    apply: inOneLog(
      ({ zxid }, log, at) => epochOf(log[at + 1]!.zxid) > epochOf(zxid),
      (log, at) => {
        const last = log[at]!;
        log.splice(at + 1, 0, { ...last, zxid: (last.zxid + 1) as Zxid });
      },
    ),
  },
  {
    name: 'a server’s log begins late, and no snapshot says what was before',
    caughtBy: ['logs-agree'],
    apply: inOneLog(
      () => true,
      (log, at) => log.splice(0, at),
    ),
  },
  {
    name: 'part of a log cannot be read',
    caughtBy: ['logs-agree'],
    verdict: 'inconclusive',
    apply: onOneServer((server) => ({
      ...server,
      logs: server.logs.map((log) => ({ ...log, end: { kind: 'damaged', atByte: 99, why: 'a reason' } })),
    })),
  },
  {
    name: 'an acknowledged write is in no log',
    caughtBy: ['acknowledged-in-log'],
    apply: inAllLogs((log, at) => log.splice(at, 1)),
  },
  {
    name: 'the logs hold another value than was acknowledged',
    caughtBy: ['acknowledged-in-log'],
    apply: inAllLogs(put({ value: 'other' })),
  },
  {
    name: 'the logs hold another path than was acknowledged',
    caughtBy: ['acknowledged-in-log'],
    apply: inAllLogs(put({ path: '/gauntlet/registers' })),
  },
  {
    name: 'the logs hold an acknowledged write as that of another session',
    caughtBy: ['acknowledged-in-log'],
    apply: inAllLogs(put({ session: '0000000000000fff' })),
  },
  {
    name: 'the logs hold an acknowledged write as another request of its session',
    caughtBy: ['acknowledged-in-log'],
    apply: inAllLogs(put({ cxid: 9999 })),
  },
  {
    name: 'the logs hold an acknowledged write as refused',
    caughtBy: ['acknowledged-in-log'],
    apply: inAllLogs(put({ type: 'error', error: -103 })),
  },
  {
    name: 'the logs hold a refused write as a change',
    caughtBy: ['acknowledged-in-log'],
    apply: (run, random) => {
      const refused = run.ops.filter(({ kind, error }) => kind === 'setData' && error === -103);
      if (refused.length === 0) return undefined;
      const { zxid, path, value } = random.pick(refused);
      const logs = logsOf(run.rest.transactions!);
      for (const log of logs.values()) {
        const at = log.findIndex((each) => each.zxid === zxid);
        if (at >= 0) put({ type: 'setData', path, value, version: 1 })(log, at);
      }
      return withLogs(run, logs);
    },
  },
  {
    name: 'all servers lost the end of their logs',
    caughtBy: ['acknowledged-in-log'],
    apply: (run, random) => {
      const logs = logsOf(run.rest.transactions!);
      const { zxid } = random.pick(
        run.ops.filter(({ outcome, kind }) => outcome === 'ok' && kind === 'setData'),
      );
      for (const [sid, log] of logs)
        logs.set(
          sid,
          log.filter((each) => each.zxid < zxid),
        );
      const servers = run.rest.transactions!.servers.map((server) => ({
        ...server,
        snapshots: server.snapshots.filter((snapshot) => snapshot.zxid < zxid),
      }));
      const cut = withLogs(run, logs);
      return { ...cut, rest: { ...cut.rest, transactions: { ...cut.rest.transactions!, servers } } };
    },
  },
  {
    name: 'a snapshot that was taken over lacks an acknowledged node',
    caughtBy: ['acknowledged-in-log'],
    apply: (run, random) => {
      const transactions = run.rest.transactions!;
      const odd = transactions.servers.find(({ snapshots }) => snapshots.length > 0);
      if (!odd) return undefined;
      const logged = new Set(
        logsOf(transactions)
          .get(odd.sid)!
          .map(({ zxid }) => zxid),
      );
      const covered = run.ops.filter(
        ({ kind, outcome, zxid, result }) =>
          kind === 'create' &&
          outcome === 'ok' &&
          // What nobody ever deletes.
          /^\/gauntlet\/(set|sequence)\//.test(result ?? '') &&
          zxid <= odd.snapshots[0]!.zxid &&
          !logged.has(zxid) &&
          transactions.nodes.some(({ path }) => path === result),
      );
      if (covered.length === 0) return undefined;
      const { result } = random.pick(covered);
      const nodes = transactions.nodes.filter(({ path }) => path !== result);
      return { ...run, rest: { ...run.rest, transactions: { ...transactions, nodes } } };
    },
  },
  {
    name: 'a snapshot that was taken over shows a register as it was before an acknowledged write',
    caughtBy: ['acknowledged-in-log'],
    apply: (run, random) => {
      const transactions = run.rest.transactions!;
      const odd = transactions.servers.find(({ snapshots }) => snapshots.length > 0);
      if (!odd) return undefined;
      const logged = new Set(
        logsOf(transactions)
          .get(odd.sid)!
          .map(({ zxid }) => zxid),
      );
      const { zxid: upTo } = odd.snapshots[0]!;
      const written = run.ops.filter(
        ({ kind, outcome, zxid }) =>
          kind === 'setData' && outcome === 'ok' && zxid <= upTo && !logged.has(zxid),
      );
      if (written.length === 0) return undefined;
      const { path, zxid } = random.pick(written);
      const nodes = transactions.nodes.map((node) =>
        node.path === path ? { ...node, mzxid: (zxid - 1) as Zxid } : node,
      );
      return { ...run, rest: { ...run.rest, transactions: { ...transactions, nodes } } };
    },
  },
  ...(
    [
      ['the accepted epoch is less than the current one', { accepted: 0 }],
      ['the current epoch is older than the last transaction', { current: 0 }],
      ['the current epoch is no number', { current: '' }],
    ] as const
  ).map(
    ([what, epochs]): Mutation => ({
      name: `${what} on one disk`,
      caughtBy: ['epochs-on-disk'],
      apply: onOneServer((server) => ({ ...server, epochs: { ...server.epochs, ...epochs } })),
    }),
  ),
];
