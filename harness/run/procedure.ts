import type { Clock } from '../base/clock.ts';
import { never } from '../base/never.ts';
import type { Undo } from '../base/undo.ts';
import { WaitedInVain, waitFor } from '../base/wait.ts';
import type { Ensemble } from '../ensemble/ensemble.ts';
import { inject, type OpenFault } from '../fault/inject.ts';
import type { OpenCuts } from '../fault/open-cuts.ts';
import { type Anchor, type Anchors, anchorsOf, type Plan, type PlannedStep } from '../plan/plan.ts';
import { startOf } from '../plan/start.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { nodeName } from '../topology/topology.ts';
import type { Clients } from '../workload/clients.ts';
import type { RecordsClients } from '../workload/records/clients.ts';
import { type Before, expect, takeBefore, until } from './expect.ts';
import type { Journal } from './journal.ts';
import type { ScenarioPhase, StepPart } from './journal-entry.ts';
import type { ScenarioOutcome } from './outcome.ts';
import { plantDisks } from './plant.ts';

/** A first start includes class loading on cold disks; later ones have `servingMs`. */
const formMs = 90_000;
/** Longest wait for what a step is anchored to. */
const anchorMs = 60_000;
/** Clients reconnect within a session timeout; this is several of them. */
const clientsBackMs = 20_000;
/** Clients of brokers find a new leader and connect to it. Longer than `kafka-service` grants. */
const recordsBackMs = 60_000;

export interface Stage {
  scenario: Pick<Scenario, 'begin' | 'warmUpMs' | 'coolDownMs' | 'powerOff'>;
  plan: Plan;
  ensemble: Ensemble;
  cuts: OpenCuts;
  clients: Clients;
  /** Clients of the brokers, where the scenario has any. */
  records?: RecordsClients | undefined;
  journal: Journal;
  clock: Clock;
  undo: Undo;
}

/** Faults that stay open beyond their step, by the name it gave them. */
type Kept = Map<string, OpenFault[]>;

/**
 * One scenario from the first start to the last read. Only records: what it means is for the rules.
 * An ensemble that does not come back ends it early, as `stalled`.
 */
export async function play(stage: Stage): Promise<ScenarioOutcome> {
  const { scenario, plan, ensemble, clients, records, journal, clock } = stage;
  let phase: ScenarioPhase = 'start';
  const enter = (next: ScenarioPhase) => {
    phase = next;
    journal.write({ kind: 'phase', phase });
  };

  enter('start');
  const kept: Kept = new Map();
  await plantDisks(ensemble);
  await ensemble.bringUp(scenario.begin);
  for (const step of plan.formation ?? []) await playStep(step, stage, kept);
  await ensemble.gate(formMs);
  await ensemble.bringUpBrokers();
  await clients.setUp();
  if (records) {
    await records.order('set-up');
    await ensemble.gate();
  }

  try {
    enter('warm-up');
    await clients.begin();
    await records?.order('begin');
    await clock.sleep(scenario.warmUpMs);

    enter('faults');
    for (const step of plan.steps) await playStep(step, stage, kept);
    for (const name of [...kept.keys()].reverse()) await healKept(name, kept);

    enter('cool-down');
    await clock.sleep(scenario.coolDownMs);

    enter('heal');
    await ensemble.gate();
    await clients.quiesce();
    await records?.order('quiesce');

    enter('final');
    await clients.readAll('final');
    await records?.order('read-final');

    if (scenario.powerOff) {
      enter('power-off');
      await ensemble.end(await ensemble.running(), 'SIGKILL');
      await ensemble.startAll([...ensemble.members, ...ensemble.brokers]);
      await ensemble.gate();
      await clients.readAll('poweroff');
      await records?.order('read-poweroff');
    }
    return { kind: 'completed' };
  } catch (error) {
    if (error instanceof WaitedInVain) return { kind: 'stalled', phase, reason: error.message };
    throw error;
  } finally {
    enter('teardown');
  }
}

/**
 * Heals, starts, breaks, has a client act, looks, holds, heals in reverse, and looks again; then the ensemble must serve. What is expected
 * and not seen is journalled, and the scenario goes on.
 */
async function playStep(step: PlannedStep, stage: Stage, kept: Kept): Promise<void> {
  const { ensemble, clients, cuts, journal, clock, undo } = stage;
  const before = await takeBefore(stage);
  // What is new while the faults are open is new compared with the moment before them.
  let unbroken: Before | undefined;
  try {
    const enter = (part: StepPart) => journal.write({ kind: 'step', step: step.index, part });
    enter('waits');
    await anchored(step.when, stage, before);
    if (step.until) unbroken = await takeBefore(stage);
    enter('acts');
    for (const name of step.heal ?? []) await healKept(name, kept);
    await Promise.all(
      (step.start ?? []).map(startOf).map(({ sid, ...options }) => ensemble.start(sid, options)),
    );
    const open: OpenFault[] = [];
    for (const call of step.faults) {
      const fault = await inject(step, call, { ensemble, cuts, clock, undo }, journal);
      if (!fault) continue;
      open.push(fault);
      for (const victim of fault.victims) before.victims.add(victim);
    }
    if (step.client) await clients.act(step.client);
    for (const expectation of step.expect ?? []) await expect(step.index, expectation, before, stage);
    enter('holds');
    if (step.until && unbroken) await anchored(step.until, stage, unbroken);
    await clock.sleep(step.forMs);
    enter('ends');
    if (step.keep !== undefined) kept.set(step.keep, open);
    else for (const fault of open.reverse()) await fault.heal();
    if (step.gate) await gateAfter(step, stage);
    for (const expectation of step.after ?? []) await expect(step.index, expectation, before, stage);
  } finally {
    before.close();
    unbroken?.close();
  }

  async function gateAfter({ index }: PlannedStep, { ensemble, records }: Stage): Promise<void> {
    await ensemble.gate();
    if (records && !(await records.progress(recordsBackMs))) {
      const text = `not every partition had a record acknowledged within ${recordsBackMs} ms after step ${index}`;
      journal.write({ kind: 'note', text });
    }
    if (!clients.work || (await clients.progress(clientsBackMs))) return;
    journal.write({
      kind: 'note',
      text: `no write was acknowledged within ${clientsBackMs} ms after step ${index}`,
    });
  }
}

async function healKept(name: string, kept: Kept): Promise<void> {
  const open = kept.get(name);
  if (!open) throw new Error(`no fault is kept open as "${name}"`);
  kept.delete(name);
  for (const fault of open.reverse()) await fault.heal();
}

async function anchored(anchors: Anchors, stage: Stage, before: Before): Promise<void> {
  for (const anchor of anchorsOf(anchors)) await reached(anchor, stage, before);
}

async function reached(when: Anchor, stage: Stage, before: Before): Promise<void> {
  const { clients, clock } = stage;
  if ('afterMs' in when) return clock.sleep(when.afterMs);
  if ('acked' in when) return clients.acked(when.acked, anchorMs);
  if ('log' in when) return logged(before.lines, when);
  if ('seen' in when) return until(when.seen, before, stage);
  return never(when);
}

async function logged(
  lines: Before['lines'],
  { log, sid, orAfterMs }: Extract<Anchor, { log: string }>,
): Promise<void> {
  const pattern = new RegExp(log);
  const what = `${sid === undefined ? 'a server' : nodeName(sid)} to log ${pattern}`;
  const begunMs = performance.now();
  await waitFor({ what, deadlineMs: anchorMs, everyMs: 2 }, () => {
    const seen = lines.some((each) => (sid === undefined || each.sid === sid) && pattern.test(each.line));
    const late = orAfterMs !== undefined && performance.now() - begunMs >= orAfterMs;
    return seen || late || undefined;
  });
}
