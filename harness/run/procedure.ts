import type { Clock } from '../base/clock.ts';
import { never } from '../base/never.ts';
import type { Undo } from '../base/undo.ts';
import { WaitedInVain, waitFor } from '../base/wait.ts';
import type { Ensemble } from '../ensemble/ensemble.ts';
import { inject, type OpenFault } from '../fault/inject.ts';
import type { OpenCuts } from '../fault/open-cuts.ts';
import type { Anchor, Plan, PlannedStep } from '../plan/plan.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { nodeName } from '../topology/topology.ts';
import type { Clients } from '../workload/clients.ts';
import type { Journal } from './journal.ts';
import type { ScenarioPhase } from './journal-entry.ts';
import type { ScenarioOutcome } from './outcome.ts';

/** A first start includes class loading on cold disks; later ones have `servingMs`. */
const formMs = 90_000;
/** Longest wait for what a step is anchored to. */
const anchorMs = 60_000;
/** Clients reconnect within a session timeout; this is several of them. */
const clientsBackMs = 20_000;

export interface Stage {
  scenario: Pick<Scenario, 'warmUpMs' | 'coolDownMs' | 'powerOff'>;
  plan: Plan;
  ensemble: Ensemble;
  cuts: OpenCuts;
  clients: Clients;
  journal: Journal;
  clock: Clock;
  undo: Undo;
}

/**
 * One scenario from the first start to the last read. Only records: what it means is for the rules.
 * An ensemble that does not come back ends it early, as `stalled`.
 */
export async function play(stage: Stage): Promise<ScenarioOutcome> {
  const { scenario, plan, ensemble, clients, journal, clock } = stage;
  let phase: ScenarioPhase = 'start';
  const enter = (next: ScenarioPhase) => {
    phase = next;
    journal.write({ kind: 'phase', phase });
  };

  enter('start');
  await ensemble.bringUp();
  await ensemble.gate(formMs);
  await clients.setUp();

  try {
    enter('warm-up');
    await clients.begin();
    await clock.sleep(scenario.warmUpMs);

    enter('faults');
    for (const step of plan.steps) await playStep(step, stage);

    enter('cool-down');
    await clock.sleep(scenario.coolDownMs);

    enter('heal');
    await ensemble.gate();
    await clients.quiesce();

    enter('final');
    await clients.readAll('final');

    if (scenario.powerOff) {
      enter('power-off');
      await ensemble.end(ensemble.sids, 'SIGKILL');
      await ensemble.startAll();
      await ensemble.gate();
      await clients.readAll('poweroff');
    }
    return { kind: 'completed' };
  } catch (error) {
    if (error instanceof WaitedInVain) return { kind: 'stalled', phase, reason: error.message };
    throw error;
  } finally {
    enter('teardown');
  }
}

/** Faults that are open together: injected in order, held, healed in reverse; then the ensemble must serve again. */
async function playStep(step: PlannedStep, stage: Stage): Promise<void> {
  const { ensemble, clients, cuts, journal, clock, undo } = stage;
  await anchored(step.when, stage);
  const open: OpenFault[] = [];
  for (const call of step.faults) {
    const fault = await inject(step, call, { ensemble, cuts, clock, undo }, journal);
    if (fault) open.push(fault);
  }
  await clock.sleep(step.forMs);
  for (const fault of open.reverse()) await fault.heal();
  if (!step.gate) return;
  await ensemble.gate();
  if (await clients.progress(clientsBackMs)) return;
  journal.write({
    kind: 'note',
    text: `no write was acknowledged within ${clientsBackMs} ms after step ${step.index}`,
  });
}

async function anchored(when: Anchor, { ensemble, clients, clock }: Stage): Promise<void> {
  if ('afterMs' in when) return clock.sleep(when.afterMs);
  if ('acked' in when) return clients.acked(when.acked, anchorMs);
  if ('log' in when) return logged(ensemble, new RegExp(when.log), when.sid);
  return never(when);
}

async function logged(ensemble: Ensemble, pattern: RegExp, sid: number | undefined): Promise<void> {
  let seen = false;
  const stops = (sid === undefined ? ensemble.sids : [sid]).map((each) =>
    ensemble.onLine(each, (line) => {
      seen ||= pattern.test(line);
    }),
  );
  const what = `${sid === undefined ? 'a server' : nodeName(sid)} to log ${pattern}`;
  try {
    await waitFor({ what, deadlineMs: anchorMs, everyMs: 2 }, () => seen || undefined);
  } finally {
    for (const stop of stops) stop();
  }
}
