import { defineSuite } from '../harness/scenario/define.ts';

/** The first thing to run: four everyday accidents on three servers under load, in under a minute. */
export const quick = defineSuite(
  {
    name: 'quick',
    about: 'three servers under load: leader killed, leader cut off, every node restarted, a follower frozen',
    scenarios: [
      {
        name: 'the leader is killed',
        steps: [{ faults: [{ fault: 'kill', target: 'leader' }], forMs: 2500 }],
      },
      {
        name: 'the leader is cut off',
        steps: [{ faults: [{ fault: 'isolate', target: 'leader' }], forMs: 4000 }],
      },
      {
        name: 'every node is restarted in turn',
        steps: [1, 2, 3].map((sid) => ({
          when: { afterMs: 200, jitterMs: 300 },
          faults: [{ fault: 'restart', target: [sid] }],
          forMs: 0,
        })),
      },
      {
        name: 'a follower is frozen',
        steps: [{ faults: [{ fault: 'pause', target: 'follower' }], forMs: 3500 }],
      },
    ],
  },
  'quick',
);
