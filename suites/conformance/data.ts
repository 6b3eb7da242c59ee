import type { ScenarioInput } from '../../harness/scenario/scenario.ts';
import { brief, elected, served, undisturbed } from './parts.ts';

/** What clients are promised is judged by the rules of every scenario; here each promise meets the fault that tries it most. */
export const data: ScenarioInput[] = [
  {
    ...brief,
    name: 'reads and writes through a leader, followers and an observer',
    tags: ['C13'],
    topology: { voters: 3, observers: 1 },
    steps: [
      { forMs: 3000, expect: undisturbed },
      { faults: [{ fault: 'kill', target: 'leader' }], expect: elected, after: [served] },
    ],
    rules: ['sync-reads', 'staleness', 'session-order', 'linearizable-writes', 'durability', 'replicas-identical', 'expectations', 'faults-landed', 'progress'], // biome-ignore format: one list
  },
  {
    ...brief,
    powerOff: true,
    name: 'snapshots in between, every server restarted: all hold the same',
    tags: ['C14'],
    topology: { settings: { snapCount: 100 } },
    workload: { use: 'mixed', clients: 6, turnsPerSecond: 60 },
    steps: [1, 2, 3].map((sid) => ({ faults: [{ fault: 'restart' as const, target: [sid] }], forMs: 0 })),
    rules: ['replicas-identical', 'logs-agree', 'durability', 'linearizable-writes', 'epochs-on-disk', 'faults-landed', 'progress'], // biome-ignore format: one list
  },
  {
    ...brief,
    name: 'updates sent together, while the leader dies twice',
    tags: ['C15', 'C16'],
    workload: { use: 'mixed', clients: 6, turnsPerSecond: 60 },
    steps: Array.from({ length: 2 }, () => ({
      when: { acked: 60 },
      faults: [{ fault: 'kill' as const, target: 'leader' as const }],
      forMs: 0,
      expect: elected,
      after: [served],
    })),
    rules: ['session-order', 'linearizable-writes', 'acknowledged-in-log', 'durability', 'replicas-identical', 'expectations', 'faults-landed', 'progress'], // biome-ignore format: one list
  },
  {
    ...brief,
    name: 'a follower without its leader serves old data for a while, and then none',
    tags: ['C17'],
    workload: { use: 'mixed', clients: 6, turnsPerSecond: 60 },
    steps: [
      {
        faults: [{ fault: 'isolate', target: 'follower' }],
        forMs: 3000,
        expect: [{ roles: { victims: 'electing' } }, ...undisturbed],
        after: [{ roles: { victims: 'follower' } }, served],
      },
    ],
    rules: ['service-ends', 'staleness', 'session-order', 'linearizable-writes', 'expectations', 'faults-landed', 'progress'], // biome-ignore format: one list
  },
  {
    ...brief,
    powerOff: true,
    name: 'what was acknowledged survives a kill, a cut and a loss of power',
    tags: ['C18'],
    steps: [
      { faults: [{ fault: 'kill', target: 'leader' }], forMs: 500, after: [served] },
      { faults: [{ fault: 'isolate', target: 'leader' }], forMs: 3000, after: [served] },
      { faults: [{ fault: 'kill', target: 'all' }], forMs: 0, after: [{ epoch: 'new' }, served] },
    ],
    rules: ['durability', 'acknowledged-in-log', 'logs-agree', 'replicas-identical', 'linearizable-writes', 'expectations', 'faults-landed', 'progress'], // biome-ignore format: one list
  },
  {
    ...brief,
    name: 'watches, while their servers restart and the leader is killed',
    tags: ['C20'],
    workload: { use: 'mixed', clients: 6, turnsPerSecond: 60 },
    steps: [
      { faults: [{ fault: 'restart', target: 'follower' }], forMs: 0, after: [served] },
      { faults: [{ fault: 'kill', target: 'leader' }], forMs: 500, expect: elected, after: [served] },
      { faults: [{ fault: 'pause', target: 'follower' }], forMs: 3000, after: [served] },
    ],
    rules: ['watches', 'session-order', 'linearizable-writes', 'expectations', 'faults-landed', 'progress'], // biome-ignore format: one list
  },
];
