import { ledBy, type Recipe, scripted } from './recipe.ts';

/**
 * 3.9.3 keeps transactions of a DIFF in memory until it has a new leader, and does not log them: the leader that has
 * just been synced with one leads from memory and tells a server that has logged more to truncate (ZOOKEEPER-4925).
 * One transaction more between the steps, a new session included, and the truncated server gets a snapshot instead.
 */
export const zookeeper4925: Recipe = {
  id: 'ZOOKEEPER-4925',
  breaks: 'acknowledged writes are missing on one server for ever, while the others have them',
  bad: '3.9.3',
  healthy: '3.9.5',
  caughtBy: ['durability', 'replicas-identical'],
  scenario: (version) => ({
    topology: { version },
    ...scripted,
    ...ledBy(2),
    steps: [
      {
        when: { afterMs: 0 },
        client: { on: 1, do: [{ create: '/foo', count: 10 }] },
        forMs: 0,
      },
      {
        when: { afterMs: 0 },
        faults: [{ fault: 'kill', target: [3] }],
        client: { on: 1, do: [{ create: '/bar', count: 10 }] },
        forMs: 0,
      },
      {
        when: { afterMs: 0 },
        faults: [{ fault: 'kill', target: [2] }],
        expect: [{ leader: 3 }],
        forMs: 0,
      },
      {
        when: { afterMs: 0 },
        client: {
          name: 'another',
          on: 2,
          do: [{ sync: '/bar0' }, { getData: '/bar0' }, { create: '/bar0' }, { create: '/end' }],
        },
        forMs: 0,
      },
    ],
  }),
};
