import { defineSuite } from '../harness/scenario/define.ts';
import type { Suite } from '../harness/scenario/scenario.ts';

/** Long enough for the others to elect while the old leader is gone; its process is then started again. */
const goneMs = 2000;
/** As `goneMs`, and syncLimit ticks (1.8 s) before that, until the others notice. */
const silentMs = 4500;

/** What can be done to a leader so that another is elected; `silent`: the others only notice by a timeout. */
const causes = [
  { cause: 'kill-leader', fault: 'kill', target: 'leader', silent: false },
  { cause: 'stop-leader', fault: 'stop', target: 'leader', silent: false },
  { cause: 'restart-leader', fault: 'restart', target: 'leader', silent: false },
  { cause: 'pause-leader', fault: 'pause', target: 'leader', silent: true },
  { cause: 'isolate-leader', fault: 'isolate', target: 'leader', silent: true },
  { cause: 'partition-leader', fault: 'partition', target: 'minority-with-leader', silent: true },
] as const;

type Cause = (typeof causes)[number]['cause'];
export const electionCauses: readonly Cause[] = causes.map(({ cause }) => cause);

/** Whether the other servers learn of the loss by a timeout alone: their connections stay open, or silent. */
export const noticedByTimeout = (cause: string): boolean =>
  causes.some((each) => each.cause === cause && each.silent);

/** Elections in one ensemble: each begins with all servers up, in step and serving, as after a fresh start. */
const electionsPerEnsemble = 20;

/** `times` elections for each cause, in as few ensembles as that allows. The first tag of a scenario is its cause. */
export function electionsSuite(wanted: readonly Cause[], times: number, voters: number): Suite {
  return defineSuite(
    {
      name: 'elections',
      about: 'elections by cause, over and over, with clients at work',
      scenarios: wanted.flatMap((cause) =>
        portions(times).map((count, i, all) => ({
          name: all.length === 1 ? cause : `${cause} ${i + 1} of ${all.length}`,
          about: `${count} elections, one after the other, in one ensemble`,
          tags: [cause, 'C33'],
          topology: { voters },
          steps: Array.from({ length: count }, () => stepOf(cause)),
          powerOff: false,
        })),
      ),
    },
    'elections',
  );
}

function stepOf(wanted: Cause) {
  const { fault, target, silent } = causes.find(({ cause }) => cause === wanted)!;
  const forMs = fault === 'restart' ? 0 : silent ? silentMs : goneMs;
  return { when: { afterMs: 200, jitterMs: 300 }, faults: [{ fault, target }], forMs };
}

/** 45 as 15, 15 and 15: no ensemble is used more than the others. */
function portions(times: number): number[] {
  const ensembles = Math.ceil(times / electionsPerEnsemble);
  return Array.from({ length: ensembles }, (_, i) => Math.floor((times + i) / ensembles));
}
