import type { Random } from '../../../harness/base/random.ts';
import type {
  Committed,
  CommittedLog,
  EndedTransaction,
  PartitionLog,
  Polled,
  Sent,
} from '../../../harness/history/records.ts';
import { clientLogs, created, type KafkaRun, put, stateOf, statePath } from './simulated-records.ts';

export interface Lie {
  name: string;
  caughtBy: string;
  verdict?: 'violation' | 'inconclusive' | 'invalid';
  /** Changes the run, which is a copy; false when there is no place for it. */
  tell(run: KafkaRun, random: Random): boolean | undefined;
}

const acked = ({ records }: KafkaRun) =>
  records.filter((row): row is Sent & { offset: number } => row.kind === 'sent' && row.outcome === 'ok');
const polls = ({ records }: KafkaRun) => records.filter((row): row is Polled => row.kind === 'polled');
const commits = ({ records }: KafkaRun) =>
  records.filter((row): row is Committed => row.kind === 'committed' && row.outcome === 'ok');
const allLogs = ({ records }: KafkaRun, partition: number) =>
  records.filter((row): row is PartitionLog => row.kind === 'log' && row.partition === partition);

const transactions = (
  { records }: KafkaRun,
  end: EndedTransaction['end'],
  outcome: EndedTransaction['outcome'],
) =>
  records.filter(
    (row): row is EndedTransaction =>
      row.kind === 'transaction' && row.end === end && row.outcome === outcome,
  );
/** As the client read it, or the broker's disk holds it. */
const committedLog = ({ records }: KafkaRun, partition: number, node?: number) =>
  records.find(
    (row): row is CommittedLog =>
      row.kind === 'committed-log' && row.partition === partition && row.node === node,
  )!;
const show = (run: KafkaRun, { partition, offset, value }: EndedTransaction['records'][number]) =>
  committedLog(run, partition).records.push([offset!, value]);
function hide(run: KafkaRun, { partition, value }: EndedTransaction['records'][number], node?: number): void {
  const log = committedLog(run, partition, node);
  log.records = log.records.filter((each) => each[1] !== value);
}

/** Everywhere, so that witnesses agree; the groups' view is taken away, too. */
function cutTail(run: KafkaRun, partition: number, from: number): void {
  for (const log of allLogs(run, partition)) log.records = log.records.filter(([offset]) => offset < from);
}

export const lies: readonly Lie[] = [
  {
    name: 'the last acknowledged records of a partition are gone everywhere',
    caughtBy: 'kafka-acknowledged',
    tell(run, random) {
      const { partition, offset } = random.pick(acked(run));
      cutTail(run, partition, offset);
    },
  },
  {
    name: 'an acknowledged record was written over',
    caughtBy: 'kafka-acknowledged',
    tell(run, random) {
      const { partition, offset } = random.pick(acked(run));
      for (const log of allLogs(run, partition))
        log.records = log.records.map((each) => (each[0] === offset ? [offset, 'p9-9'] : each));
    },
  },
  {
    name: 'an acknowledged record stands at another offset than was acknowledged',
    caughtBy: 'kafka-acknowledged',
    tell(run, random) {
      random.pick(acked(run)).offset += 1;
    },
  },
  {
    name: 'a partition was not read at the end',
    caughtBy: 'kafka-acknowledged',
    verdict: 'inconclusive',
    tell(run) {
      run.records = run.records.filter((row) => row.kind !== 'log' || row.partition !== 0);
    },
  },
  {
    name: 'two records of a producer stand in the wrong order',
    caughtBy: 'kafka-order',
    tell(run, random) {
      const [first] = random.shuffle(acked(run));
      const second = acked(run).find(
        (each) => each.producer === first!.producer && each.partition === first!.partition && each !== first,
      );
      if (!second) return false;
      [first!.offset, second.offset] = [second.offset, first!.offset];
      return true;
    },
  },
  {
    name: 'one offset is acknowledged for two records',
    caughtBy: 'kafka-order',
    tell(run, random) {
      const [first] = random.shuffle(acked(run));
      const other = acked(run).find(
        (each) => each.partition === first!.partition && each.producer !== first!.producer,
      );
      if (!other) return false;
      other.offset = first!.offset;
      return true;
    },
  },
  {
    name: 'a record stands twice',
    caughtBy: 'kafka-once',
    tell(run, random) {
      const { partition, value } = random.pick(acked(run));
      for (const log of allLogs(run, partition)) log.records.push([log.records.length, value]);
    },
  },
  {
    name: 'a refused record stands there',
    caughtBy: 'kafka-once',
    tell(run) {
      const refused = run.records.find((row) => row.kind === 'sent' && row.outcome === 'fail') as
        | Sent
        | undefined;
      if (!refused) return false;
      for (const log of allLogs(run, refused.partition))
        log.records.push([log.records.length, refused.value]);
      return true;
    },
  },
  {
    name: 'a record that nobody sent stands there',
    caughtBy: 'kafka-once',
    tell(run, random) {
      const { partition } = random.pick(acked(run));
      for (const log of allLogs(run, partition)) log.records.push([log.records.length, 'p9-9']);
    },
  },
  {
    name: 'a retry of an idempotent producer is appended once more',
    caughtBy: 'kafka-idempotence',
    tell(run, random) {
      const { partition, value } = random.pick(acked(run).filter(({ idempotent }) => idempotent));
      for (const log of allLogs(run, partition)) log.records.push([log.records.length, value]);
    },
  },
  {
    name: 'two records of an idempotent producer stand in the wrong order, one of them without an answer',
    caughtBy: 'kafka-idempotence',
    tell(run, random) {
      const { partition } = random.pick(acked(run).filter(({ idempotent }) => idempotent));
      const [log, ...others] = allLogs(run, partition);
      const own = log!.records.filter(([, value]) => value.startsWith('i0-'));
      if (own.length < 2) return false;
      const [[first, before], [second, after]] = own as [[number, string], [number, string]];
      for (const { records } of [log!, ...others]) {
        records[first]![1] = after;
        records[second]![1] = before;
      }
      for (const row of run.records) {
        if (row.kind !== 'sent' || row.value !== before) continue;
        row.outcome = 'unknown';
        delete row.offset;
      }
      return true;
    },
  },
  {
    name: 'a record of an aborted transaction is shown',
    caughtBy: 'kafka-transactions',
    tell(run, random) {
      show(run, random.pick(random.pick(transactions(run, 'abort', 'ok')).records));
    },
  },
  {
    name: 'a transaction whose abort had no answer is shown as a whole',
    caughtBy: 'kafka-transactions',
    tell(run, random) {
      const aborted = random.pick(transactions(run, 'abort', 'ok'));
      aborted.outcome = 'unknown';
      for (const record of aborted.records) show(run, record);
    },
  },
  {
    name: 'a transaction whose commit was refused is shown',
    caughtBy: 'kafka-transactions',
    tell(run, random) {
      const refused = transactions(run, 'commit', 'fail');
      if (refused.length === 0) return false;
      for (const record of random.pick(refused).records) show(run, record);
      return true;
    },
  },
  {
    name: 'one record of a committed transaction is not shown',
    caughtBy: 'kafka-transactions',
    tell(run, random) {
      hide(run, random.pick(random.pick(transactions(run, 'commit', 'ok')).records));
    },
  },
  {
    name: 'a committed transaction is shown nowhere',
    caughtBy: 'kafka-transactions',
    tell(run, random) {
      for (const record of random.pick(transactions(run, 'commit', 'ok')).records) hide(run, record);
    },
  },
  {
    name: 'a transaction without an answer is shown in part',
    caughtBy: 'kafka-transactions',
    tell(run) {
      const shown = transactions(run, 'commit', 'unknown').find(({ records: [first] }) =>
        committedLog(run, first!.partition).records.some(([, value]) => value === first!.value),
      );
      if (!shown) return false;
      hide(run, shown.records[1]!);
      return true;
    },
  },
  {
    name: 'one broker lacks the marker of a committed transaction in one partition',
    caughtBy: 'kafka-transactions',
    tell(run, random) {
      hide(run, random.pick(random.pick(transactions(run, 'commit', 'ok')).records), 102);
    },
  },
  {
    name: 'a record of a transaction is shown twice',
    caughtBy: 'kafka-transactions',
    tell(run, random) {
      const record = random.pick(random.pick(transactions(run, 'commit', 'ok')).records);
      show(run, { ...record, offset: 9999 });
    },
  },
  {
    name: 'a record of a transaction stands elsewhere than acknowledged',
    caughtBy: 'kafka-transactions',
    tell(run, random) {
      random.pick(random.pick(transactions(run, 'commit', 'ok')).records).offset = 9999;
    },
  },
  {
    name: 'readers of committed records are shown one that nobody sent',
    caughtBy: 'kafka-transactions',
    tell(run) {
      show(run, { partition: 0, offset: 9999, value: 't9-9.9', outcome: 'ok' });
    },
  },
  {
    name: 'a transaction has no end, and readers wait for it',
    caughtBy: 'kafka-transactions',
    tell(run) {
      committedLog(run, 0).end! -= 3;
    },
  },
  {
    name: 'one partition of the transactions was not read',
    caughtBy: 'kafka-transactions',
    verdict: 'inconclusive',
    tell(run) {
      const log = committedLog(run, 0);
      run.records = run.records.filter((row) => row !== log);
    },
  },
  {
    name: 'transactions were read nowhere',
    caughtBy: 'kafka-transactions',
    verdict: 'inconclusive',
    tell(run) {
      run.records = run.records.filter((row) => row.kind !== 'committed-log' || row.witness === 'disk');
    },
  },
  {
    name: 'a consumer is handed a batch with a hole',
    caughtBy: 'kafka-consumers',
    tell(run, random) {
      const long = polls(run).filter(({ records }) => records.length > 2);
      if (long.length === 0) return false;
      random.pick(long).records.splice(1, 1);
      return true;
    },
  },
  {
    name: 'a batch is handed to nobody',
    caughtBy: 'kafka-consumers',
    tell(run, random) {
      const gone = random.pick(polls(run).slice(3, -6));
      run.records = run.records.filter((row) => row !== gone);
    },
  },
  {
    name: 'a consumer is handed another value than stands in the log',
    caughtBy: 'kafka-consumers',
    tell(run, random) {
      random.pick(polls(run)).records[0]![1] = 'p9-9';
    },
  },
  {
    name: 'the group did not get to the end',
    caughtBy: 'kafka-consumers',
    verdict: 'inconclusive',
    tell(run) {
      const last = acked(run).at(-1)!;
      run.records = run.records.filter(
        (row) =>
          row.kind !== 'polled' || row.partition !== last.partition || row.records.at(-1)![0] < last.offset,
      );
    },
  },
  {
    name: 'a consumer is sent back before a committed offset after it joined again',
    caughtBy: 'kafka-commits',
    tell(run) {
      const again = run.records.findIndex((row, i) => i > 0 && row.kind === 'joined');
      const first = run.records.slice(again).find((row) => row.kind === 'polled') as Polled;
      const before = commits(run).some(
        ({ partition, invokedNs }) => partition === first.partition && invokedNs < 5e9,
      );
      if (!before) return false;
      const log = clientLogs(run).find(({ partition }) => partition === first.partition)!;
      first.records = log.records.slice(0, first.records.at(-1)![0] + 1);
      return true;
    },
  },
  {
    name: 'a commit that was acknowledged is forgotten at the end',
    caughtBy: 'kafka-commits',
    tell(run) {
      const end = run.records.find((row) => row.kind === 'group-offset')!;
      (end as { offset: number }).offset = 0;
    },
  },
  {
    name: 'a group stands behind all it ever committed',
    caughtBy: 'kafka-commits',
    tell(run) {
      const end = run.records.find((row) => row.kind === 'group-offset')!;
      (end as { offset: number }).offset += 100;
    },
  },
  {
    name: 'nobody asked what the group has committed',
    caughtBy: 'kafka-commits',
    verdict: 'inconclusive',
    tell(run) {
      run.records = run.records.filter((row) => row.kind !== 'group-offset');
    },
  },
  {
    name: 'the disk of one replica lacks the last record',
    caughtBy: 'kafka-witnesses',
    tell(run, random) {
      const disk = random.pick(allLogs(run, 0).filter(({ witness }) => witness === 'disk'));
      disk.records.pop();
    },
  },
  {
    name: 'the disk of one replica has another record',
    caughtBy: 'kafka-witnesses',
    tell(run, random) {
      const disk = random.pick(allLogs(run, 0).filter(({ witness }) => witness === 'disk'));
      disk.records[random.int(0, disk.records.length - 1)]![1] = 'p9-9';
    },
  },
  {
    name: 'no disk was read',
    caughtBy: 'kafka-witnesses',
    verdict: 'invalid',
    tell(run) {
      run.records = run.records.filter((row) => row.kind !== 'log' || row.witness !== 'disk');
    },
  },
  {
    name: 'a replica that was not in sync leads',
    caughtBy: 'kafka-leaders',
    tell(run) {
      run.changes.push(
        [put(statePath, stateOf({ leader: 1, leaderEpoch: 20, isr: [1], epoch: 4 }))],
        [put(statePath, stateOf({ leader: 2, leaderEpoch: 21, isr: [2], epoch: 4 }))],
      );
    },
  },
  {
    name: 'a leader is not among those in sync',
    caughtBy: 'kafka-leaders',
    tell(run) {
      run.changes.push([put(statePath, stateOf({ leader: 1, leaderEpoch: 20, isr: [2, 3], epoch: 4 }))]);
    },
  },
  {
    name: 'a leader epoch goes back',
    caughtBy: 'kafka-leaders',
    tell(run) {
      const state = { leader: 1, isr: [1, 2, 3], epoch: 4 };
      run.changes.push(
        [put(statePath, stateOf({ ...state, leader: -1, leaderEpoch: 20 }))],
        [put(statePath, stateOf({ ...state, leaderEpoch: 19 }))],
      );
    },
  },
  {
    name: 'two brokers lead in one leader epoch',
    caughtBy: 'kafka-leaders',
    tell(run) {
      const state = { leaderEpoch: 20, isr: [1, 2, 3], epoch: 4 };
      run.changes.push(
        [put(statePath, stateOf({ ...state, leader: -1 }))],
        [put(statePath, stateOf({ ...state, leader: 2 }))],
      );
    },
  },
  {
    name: 'a controller takes no epoch of its own',
    caughtBy: 'kafka-controllers',
    tell(run) {
      run.changes.push([created('/controller', '{"version":2,"brokerid":3}')]);
    },
  },
  {
    name: 'a controller epoch is left out',
    caughtBy: 'kafka-controllers',
    tell(run) {
      run.changes.push([created('/controller', '{"version":2,"brokerid":3}'), put('/controller_epoch', '6')]);
    },
  },
  {
    name: 'a state is written in an epoch that nobody took yet',
    caughtBy: 'kafka-controllers',
    tell(run) {
      run.changes.push([put(statePath, stateOf({ leader: -1, leaderEpoch: 30, isr: [1], epoch: 5 }))]);
    },
  },
  {
    name: 'nothing of the brokers is in the transaction logs',
    caughtBy: 'kafka-controllers',
    verdict: 'invalid',
    tell(run) {
      run.changes = [];
    },
  },
  {
    name: 'brokers do not come back',
    caughtBy: 'kafka-service',
    tell(run) {
      run.journal.push({
        atNs: 11e9,
        kind: 'brokers-not-serving',
        waitedMs: 60_000,
        lacking: 'kafka2 is not registered',
      });
    },
  },
  {
    name: 'brokers never served',
    caughtBy: 'kafka-service',
    verdict: 'invalid',
    tell(run) {
      const lacking = 'kafka1 is not registered';
      run.journal = [{ atNs: 11e9, kind: 'brokers-not-serving', waitedMs: 120_000, lacking }];
    },
  },
  {
    name: 'a partition takes no record although all brokers serve',
    caughtBy: 'kafka-service',
    tell(run) {
      // Stretched, so that the time without a fault is long enough to say so.
      for (const entry of run.journal)
        if (entry.kind === 'phase' && entry.phase === 'heal') entry.atNs = 90e9;
      let told = false;
      for (const row of run.records) {
        if (row.kind !== 'sent' || row.partition !== 0 || row.invokedNs < 5e9 || row.outcome !== 'ok')
          continue;
        delete row.offset;
        Object.assign(row, { outcome: 'unknown' });
        told = true;
      }
      return told;
    },
  },
  {
    name: 'a partition had too little time to show that it serves',
    caughtBy: 'kafka-service',
    verdict: 'inconclusive',
    tell(run) {
      for (const row of run.records)
        if (row.kind === 'sent' && row.partition === 0 && row.invokedNs > 5e9)
          Object.assign(row, { outcome: 'unknown' });
    },
  },
];
