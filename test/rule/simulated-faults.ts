import type { Random } from '../../harness/base/random.ts';
import type { FaultCall, PlannedStep } from '../../harness/plan/plan.ts';
import type { LinkCut } from '../../harness/run/journal-entry.ts';
import type { Cluster, Server } from './simulated-cluster.ts';
import type { SimulatedRecord } from './simulated-record.ts';

const kinds = ['kill', 'pause', 'isolate'] as const;
type Kind = (typeof kinds)[number];
const stateAfter = { kill: 'down', pause: 'frozen', isolate: 'cut' } as const satisfies Record<
  Kind,
  Server['state']
>;

interface Stage {
  cluster: Cluster;
  record: SimulatedRecord;
  steps: PlannedStep[];
  elect(): void;
  died(servers: readonly Server[]): void;
}

/** Breaks one server, or freezes half of them, and journals it as a run does; what comes back heals it. */
export function injectFault(random: Random, { cluster, record, steps, elect, died }: Stage): () => void {
  const kind = random.pick(kinds);
  const lost = kind === 'pause' ? Math.ceil(cluster.servers.length / 2) : 1;
  const hit = random.shuffle(cluster.servers).slice(0, lost);
  const victims = hit.map(({ sid }) => sid);
  const call: FaultCall = { fault: kind, target: victims, params: {} };
  const step = steps.length;
  const when = { afterMs: 0, jitterMs: 0 };
  steps.push({ index: step, when, faults: [call], forMs: 1, gate: true, draw: 0 });
  const about = { step, fault: kind, victims };
  record.write({ kind: 'fault-intent', ...about, call, roles: {}, deadlineNs: record.now + 1e15 });
  for (const server of hit) server.state = stateAfter[kind];
  if (kind === 'kill') {
    record.write({ kind: 'server-exit', sid: victims[0]!, code: null, signal: 'SIGKILL', asked: true });
    died(hit);
  }
  record.pass();
  const cuts = kind === 'isolate' ? cutsAround(victims[0]!, cluster.servers) : undefined;
  record.write({ kind: 'fault-landed', ...about, proof: ['seen'], ...(cuts && { cuts }) });
  if (cluster.quorum && victims.includes(cluster.leader)) elect();
  return () => {
    record.write({ kind: 'fault-healing', ...about });
    if (kind === 'kill') {
      record.pass(2e9);
      record.write({ kind: 'server-start', sid: victims[0]!, version: '3.9.5', pid: 7 });
    }
    for (const server of hit) server.state = 'up';
    record.write({ kind: 'fault-healed', ...about, proof: ['seen'] });
  };
}

const cutsAround = (from: number, servers: readonly Server[]): LinkCut[] =>
  servers.flatMap(({ sid }) => (sid === from ? [] : { from, to: sid, ports: 'all' }));
