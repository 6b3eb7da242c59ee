import { defineSuite } from '../harness/scenario/define.ts';

/**
 * Proof that the harness turns red on real servers: acknowledged writes are destroyed on purpose. All three servers
 * are killed, two lose their disks, those two start and form an ensemble without the data, and the third, which still
 * has it, is told to forget (a learner truncates what its leader does not have).
 */
export const demoViolation = defineSuite(
  {
    name: 'demo-violation',
    about:
      'planted evil: two of three servers lose their disks, so acknowledged writes are gone; must end red',
    scenarios: [
      {
        name: 'two of three disks are lost',
        steps: [
          {
            faults: [
              { fault: 'kill', target: [3] },
              { fault: 'wipe', target: [1, 2] },
            ],
            forMs: 500,
          },
        ],
        powerOff: false,
      },
    ],
  },
  'demo-violation',
);
