import { leaderKilled, load, type Named, topologyOf, type Way } from './way.ts';

/** Each release alone, several times over: what it does by itself, and how much that varies. */
export function alone(way: Way, times: number): Named[] {
  return Array.from({ length: times }, (_, i) => ({
    name: `alone, try ${i + 1} of ${times}`,
    about: 'one release alone under load: the leader is killed three times',
    topology: topologyOf(way),
    workload: load,
    steps: [...leaderKilled, ...leaderKilled, ...leaderKilled],
    powerOff: false,
  }));
}

/** Both releases are asked the same, call by call; the client writes on when it is through. */
export function operations(way: Way): Named[] {
  return [
    {
      name: 'every operation',
      about: 'the same calls on both releases, those that must be refused among them',
      topology: topologyOf(way),
      workload: { use: 'every-operation' },
      warmUpMs: 0,
      coolDownMs: 0,
      powerOff: false,
      steps: [{ when: { acked: 120 }, forMs: 0, gate: false }],
    },
  ];
}
