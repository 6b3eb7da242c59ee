import type { Clock } from '../base/clock.ts';
import { randomFrom } from '../base/random.ts';
import { messageOf } from '../base/trouble.ts';
import { Undo } from '../base/undo.ts';
import { WaitedInVain } from '../base/wait.ts';
import type { Ensemble } from '../ensemble/ensemble.ts';
import { faultNamed } from '../fault/catalogue.ts';
import { FaultMissed, FaultStuck } from '../fault/fault.ts';
import { OpenCuts } from '../fault/open-cuts.ts';
import { observe, pathsOf } from './observe.ts';
import { expectedOf, type Pictures, type Row } from './row.ts';
import { type Speech, toEcho, toServer } from './speech.ts';
import type { Talkers } from './talkers.ts';

/** What one row came to on one machine. */
export type Played =
  | { kind: 'seen'; seen: Pictures }
  /** The machine cannot do it; the reason ends with the remedy. */
  | { kind: 'unsupported'; reason: string }
  /** The fault itself says that it did not land or did not end. */
  | { kind: 'failed'; reason: string };

/** The links of a row heal by themselves after this long, whatever becomes of us. */
const deadlineMs = 60_000;

/**
 * How long silence is asked again where an answer must come. A healed link finds its neighbour once a second (RFC 4861)
 * and a busy machine takes its time; after silence TCP repeats itself after as long again (RFC 6298), so twice the time
 * that a row took so far comes on top.
 */
const patienceMs = 10_000;

const speeches: Record<Row['on'], Speech> = { echo: toEcho, servers: toServer };

export interface Ground {
  ensemble: Ensemble;
  talkers: Talkers;
  clock: Clock;
}

/** Looks, injects, looks, heals, looks: the fault is the one scenarios use, with all its own proofs. */
export async function playRow(row: Row, { ensemble, talkers, clock }: Ground): Promise<Played> {
  const fault = faultNamed(row.fault);
  const params = fault.params.parse(row.params);
  const { site } = ensemble;
  for (const need of fault.needs(params)) {
    const available = site.capabilities[need];
    if (available !== 'yes') return { kind: 'unsupported', reason: `${available.no}; ${available.remedy}` };
  }
  const speech = speeches[row.on];
  const expected = expectedOf(row);
  const begun = performance.now();
  const look = (phase: keyof Pictures) =>
    observe(talkers, speech, expected[phase], patienceMs + 2 * (performance.now() - begun));
  const context = {
    ensemble,
    cuts: new OpenCuts(site),
    clock,
    random: randomFrom(1),
    undo: new Undo(),
    deadlineNs: clock.nowNs() + deadlineMs * 1e6,
  };
  try {
    await talkers.keep(pathsOf(expected.before.kept), speech);
    const before = await look('before');
    const landed = await fault.inject(context, row.victims, params);
    const during = await look('during').finally(() => landed.heal());
    return { kind: 'seen', seen: { before, during, after: await look('after') } };
  } catch (error) {
    if (error instanceof FaultMissed || error instanceof FaultStuck || error instanceof WaitedInVain)
      return { kind: 'failed', reason: messageOf(error) };
    throw error;
  }
}
