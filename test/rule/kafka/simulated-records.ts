import { type Random, randomFrom } from '../../../harness/base/random.ts';
import type { Change, Transaction } from '../../../harness/datadir/transaction.ts';
import { type Zxid, zxidOf } from '../../../harness/history/op.ts';
import type {
  CommittedLog,
  EndedTransaction,
  PartitionLog,
  RecordRow,
  Sent,
} from '../../../harness/history/records.ts';
import type { Evidence } from '../../../harness/rule/rule.ts';
import type { JournalEntry } from '../../../harness/run/journal-entry.ts';
import { recordsSchema } from '../../../harness/workload/records/params.ts';
import { evidenceFor } from '../hand.ts';

const base = evidenceFor([]);
const params = recordsSchema.parse({ idempotent: 1, transactional: 1 });
const producers = ['p0', 'p1', 'p2', 'i0'];
const turnNs = 5e7;
const turns = 240;
const replicas = [101, 102, 103];

export interface KafkaRun {
  records: RecordRow[];
  changes: Change[][];
  journal: JournalEntry[];
}

/** Clients and brokers that keep every promise, with sends that had no answer and were appended or not. */
export function simulateKafka(seed: number): KafkaRun {
  const random = randomFrom(seed);
  const logs = Array.from({ length: params.partitions }, () => [] as [number, string][]);
  const records: RecordRow[] = [];
  const partitions = logs.map((_, i) => i);
  const read = logs.map(() => 0);
  records.push({ kind: 'joined', consumer: 'r0', partitions, atNs: turnNs });
  for (let turn = 2; turn < turns; turn++) {
    const producer = producers[turn % producers.length]!;
    const idempotent = producer === 'i0';
    const partition = random.int(0, params.partitions - 1);
    const value = `${producer}-${turn}`;
    const at = { invokedNs: turn * turnNs, returnedNs: (turn + 0.5) * turnNs };
    const log = logs[partition]!;
    const fate = random.int(0, 19);
    const sent: Omit<Sent, 'outcome'> = {
      ...{ kind: 'sent', producer, ...(idempotent && { idempotent }), partition, value, ...at },
    };
    // An idempotent producer tries again where a broker refuses.
    if (fate === 0 && !idempotent) records.push({ ...sent, outcome: 'fail', error: 'NOT_ENOUGH_REPLICAS' });
    else {
      if (fate !== 1) log.push([log.length, value]);
      if (fate < 3) records.push({ ...sent, outcome: 'unknown', error: 'REQUEST_TIMED_OUT' });
      else records.push({ ...sent, outcome: 'ok', offset: log.length - 1 });
    }
    if (turn % 8 === 0 || turn === turns - 1) handOut(records, logs, read, (turn + 0.6) * turnNs, random);
    if (turn === 120)
      records.push({ kind: 'joined', consumer: 'r0', partitions, atNs: (turn + 0.9) * turnNs });
  }
  for (const [partition, log] of logs.entries()) {
    records.push({ kind: 'group-offset', partition, offset: read[partition]!, atNs: turns * turnNs });
    const whole = { kind: 'log' as const, partition };
    records.push({ ...whole, witness: 'client', phase: 'final', end: log.length, records: copyOf(log) });
    for (const node of replicas) records.push({ ...whole, witness: 'disk', node, records: copyOf(log) });
  }
  records.push(...transactionsOf(random));
  return { records, changes: changesOf(random), journal: journal() };
}

/** Each witness has its own, so that a lie of one is not a lie of all. */
const copyOf = (log: readonly [number, string][]): [number, string][] =>
  log.map(([offset, value]) => [offset, value]);

function handOut(
  records: RecordRow[],
  logs: readonly [number, string][][],
  read: number[],
  atNs: number,
  random: Random,
): void {
  for (const [partition, log] of logs.entries()) {
    const batch = copyOf(log.slice(read[partition]));
    if (batch.length === 0) continue;
    records.push({ kind: 'polled', consumer: 'r0', partition, records: batch, atNs });
    const commit = { kind: 'committed', consumer: 'r0', partition, offset: log.length } as const;
    const outcome = random.int(0, 9) === 0 ? 'unknown' : 'ok';
    records.push({ ...commit, outcome, invokedNs: atNs, returnedNs: atNs + 1e6 });
    read[partition] = log.length;
  }
}

const recordsOfEach = 4;
const transactions = 40;

/**
 * One producer whose transactions are committed, aborted, refused, or had no answer and were committed or not; behind
 * its records every transaction leaves a marker in every partition.
 */
function transactionsOf(random: Random): (EndedTransaction | CommittedLog)[] {
  const rows: EndedTransaction[] = [];
  const partitions = Array.from({ length: params.partitions }, (_, partition) => partition);
  const logs = partitions.map(() => ({
    next: 0,
    shown: [] as [number, string][],
    hidden: [] as [number, string][],
  }));
  for (let n = 0; n < transactions; n++) {
    const id = `t0-${n}`;
    const fate = random.pick([
      'ok',
      'ok',
      'ok',
      'ok',
      'aborted',
      'aborted',
      'refused',
      'held',
      'lost',
    ] as const);
    const committed = fate === 'ok' || fate === 'held';
    const records = Array.from({ length: recordsOfEach }, (_, i) => {
      const partition = (n + i) % params.partitions;
      const log = logs[partition]!;
      const offset = log.next++;
      const value = `${id}.${i}`;
      (committed ? log.shown : log.hidden).push([offset, value]);
      return { partition, value, outcome: 'ok' as const, offset };
    });
    for (const log of logs) log.next++;
    rows.push({
      ...{ kind: 'transaction', producer: 't0', id, records },
      end: fate === 'aborted' ? 'abort' : 'commit',
      outcome: fate === 'refused' ? 'fail' : fate === 'held' || fate === 'lost' ? 'unknown' : 'ok',
      ...{ invokedNs: n * turnNs, endedNs: (n + 0.3) * turnNs, returnedNs: (n + 0.5) * turnNs },
    });
  }
  const read = logs.flatMap(({ next, shown, hidden }, partition): CommittedLog[] => {
    const whole = { kind: 'committed-log', partition } as const;
    return [
      { ...whole, witness: 'client', phase: 'final', end: next, high: next, records: copyOf(shown) },
      ...replicas.map((node) => ({
        ...{ ...whole, witness: 'disk' as const, node },
        ...{ records: copyOf(shown), hidden: copyOf(hidden) },
      })),
    ];
  });
  return [...rows, ...read];
}

/** Four controllers one after the other; leaders move among the replicas that are in sync. */
function changesOf(random: Random): Change[][] {
  const changes: Change[][] = [[created('/controller_epoch', '0')]];
  let isr = [1, 2, 3];
  let leader = 1;
  let leaderEpoch = 0;
  for (let epoch = 1; epoch <= 4; epoch++) {
    const controller = JSON.stringify({ version: 2, brokerid: (epoch % 3) + 1 });
    changes.push([created('/controller', controller), put('/controller_epoch', String(epoch))]);
    isr = isr.length === 3 ? isr.filter((id) => id !== leader) : [1, 2, 3];
    if (!isr.includes(leader)) leader = random.pick(isr);
    leaderEpoch++;
    changes.push([put(statePath, stateOf({ leader, leaderEpoch, isr, epoch }))]);
  }
  return changes;
}

export const statePath = '/brokers/topics/records/partitions/0/state';
export const stateOf = (state: { leader: number; leaderEpoch: number; isr: number[]; epoch: number }) =>
  JSON.stringify({
    controller_epoch: state.epoch,
    leader: state.leader,
    version: 1,
    leader_epoch: state.leaderEpoch,
    isr: state.isr,
  });
export const put = (path: string, value: string): Change => ({
  type: 'setData',
  path: `/kafka${path}`,
  value,
  version: 1,
});
export const created = (path: string, value: string): Change => ({
  type: 'create',
  path: `/kafka${path}`,
  value,
  acls: [],
  ephemeral: false,
  parentCversion: 1,
});

/** Clients at work from the start to the end; one fault in the middle, after which brokers serve again. */
function journal(): JournalEntry[] {
  const serving = { kind: 'brokers-serving', controller: 101, nodes: replicas } as const;
  const fault = { step: 0, fault: 'kill', victims: [101] };
  return [
    { atNs: 0, kind: 'phase', phase: 'start' },
    { atNs: 1, ...serving },
    { atNs: 2, kind: 'phase', phase: 'warm-up' },
    {
      ...{ atNs: 80 * turnNs, kind: 'fault-intent', ...fault, roles: {}, deadlineNs: 100 * turnNs },
      call: { fault: 'kill', target: 'controller', params: {} },
    },
    { atNs: 100 * turnNs, kind: 'fault-healed', ...fault, proof: [] },
    { atNs: 101 * turnNs, ...serving },
    { atNs: turns * turnNs, kind: 'phase', phase: 'heal' },
  ];
}

export function evidenceOfKafka({ records, changes, journal }: KafkaRun): Evidence {
  const rows = changes.map((parts, i) => {
    const header = { zxid: zxidOf(1, i + 1) as Zxid, session: '01', cxid: i, timeMs: i };
    const change: Change = parts.length === 1 ? parts[0]! : { type: 'multi', parts };
    return { transaction: { ...header, ...change } as Transaction, on: [1, 2, 3] };
  });
  return {
    ...base,
    journal,
    scenario: { ...base.scenario, records: params },
    topology: {
      ...base.topology,
      kafka: { nodes: replicas, version: '3.9.2', chroot: '/kafka', settings: {}, jvmFlags: [] },
    },
    records,
    transactions: { servers: [], rows, nodes: [] },
  };
}

export const clientLogs = ({ records }: KafkaRun): PartitionLog[] =>
  records.filter((row): row is PartitionLog => row.kind === 'log' && row.witness === 'client');
