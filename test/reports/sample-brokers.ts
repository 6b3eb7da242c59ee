import type { Change, Transaction } from '../../harness/datadir/transaction.ts';
import { zxidOf } from '../../harness/history/op.ts';
import type { RecordRow, Sent } from '../../harness/history/records.ts';
import type { BrokerSources } from '../../reports/brokers/broker-report.ts';
import type { FaultWindow } from '../../reports/faults.ts';

const origin = { monotonicNs: '0', wallMs: 1_000_000 };
export const s = (seconds: number) => seconds * 1e9;
const acls = { acls: [], parentCversion: 1 };

/** Broker 1 controls and leads; its session ends at 6 s, broker 2 takes over, and broker 1 comes back at 12 s. */
const story: [atS: number, session: string, ...changes: Change[]][] = [
  [1, 'a', { type: 'create', path: '/kafka/brokers/ids/1', value: '{}', ephemeral: true, ...acls }],
  [1, 'b', { type: 'create', path: '/kafka/brokers/ids/2', value: '{}', ephemeral: true, ...acls }],
  [1.5, 'a', controller(1), { type: 'setData', path: '/kafka/controller_epoch', value: '1', version: 1 }],
  [2, 'a', led(1)],
  [6, 'a', { type: 'closeSession' }],
  [6.1, 'b', controller(2), { type: 'setData', path: '/kafka/controller_epoch', value: '2', version: 2 }],
  // Refused, so nobody became controller by it.
  [6.2, 'c', controller(3), { type: 'error', error: -110 }],
  [6.3, 'b', led(-1)],
  [6.8, 'b', led(2)],
  // The same leader, with other replicas in sync.
  [7, 'b', led(2)],
  [12, 'd', { type: 'create', path: '/kafka/brokers/ids/1', value: '{}', ephemeral: true, ...acls }],
];

function controller(id: number): Change {
  const value = `{"brokerid":${id}}`;
  return { type: 'create', path: '/kafka/controller', value, ephemeral: true, ...acls };
}

function led(leader: number): Change {
  const path = '/kafka/brokers/topics/records/partitions/0/state';
  return { type: 'setData', path, value: `{"leader":${leader},"isr":[2]}`, version: 1 };
}

const rows = story.map(([atS, session, ...parts], i) => {
  const header = { zxid: zxidOf(1, i + 1), session, cxid: i, timeMs: origin.wallMs + atS * 1000 };
  const change: Change = parts.length === 1 ? parts[0]! : { type: 'multi', parts };
  return { transaction: { ...header, ...change } as Transaction, on: [1, 2, 3] };
});

const sent = (value: string, fromS: number, toS: number, outcome: Sent['outcome'] = 'ok'): Sent => ({
  ...{ kind: 'sent', producer: 'p0', partition: 0, value, outcome },
  ...{ invokedNs: s(fromS), returnedNs: s(toS) },
});
const records: RecordRow[] = [
  sent('before', 3, 3.01),
  sent('gone', 3.5, 3.51),
  sent('refused', 4.5, 4.6, 'fail'),
  sent('unknown', 4.7, 6, 'unknown'),
  sent('late', 4.8, 7),
  // Nobody asked for anything from 7.1 s to 11 s.
  sent('soon', 7.05, 7.1),
  sent('after', 11, 11.01),
  {
    ...{ kind: 'log', witness: 'client', phase: 'final', partition: 0, end: 4 },
    records: ['before', 'late', 'soon', 'after'].map((value, i): [number, string] => [i, value]),
  },
];

const fault = (name: string, intentS: number, landedS?: number): FaultWindow => ({
  ...{ step: 0, fault: name, victims: [101], roles: {}, intentNs: s(intentS), notes: [] },
  ...(landedS !== undefined && { landedNs: s(landedS) }),
  state: landedS === undefined ? 'missed' : 'healed',
});

/** All that one pause of the controller led to, and a second fault that led to nothing. */
export const sampleBrokers: BrokerSources = {
  kafka: { nodes: [101, 102], version: '3.9.2', chroot: '/kafka', settings: {}, jvmFlags: [] },
  transactions: { servers: [], rows, nodes: [] },
  records,
  faults: [fault('pause', 4, 4.2), fault('kill', 8), fault('isolate', 10, 10.1)],
  outages: [{ fromNs: s(5), toNs: s(5.5), ended: true }],
  origin,
  endNs: s(15),
};
