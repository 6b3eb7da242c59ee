import type { Election, Ledger } from '../harness/ledger/ledger.ts';
import { decidedBy, opinionOn } from '../harness/ledger/vote-oracle.ts';
import { phaseLengths } from '../harness/ledger/zab-phases.ts';
import type { JournalEntry } from '../harness/run/journal-entry.ts';
import type { RunRecord, ScenarioRecord } from '../harness/run/run-directory.ts';
import type { Topology } from '../harness/topology/topology.ts';
import { settingsOf } from '../harness/topology/zoo-cfg.ts';
import { type Distribution, distributionOf } from './distribution.ts';

/** Where the time from the loss of a leader to the next acknowledged write went. ms. */
export interface ElectionTimes {
  scenario: string;
  /** The fault that caused it. */
  fault: string;
  /** When the leader was lost. */
  lostNs: number;
  epoch: number;
  winner: number;
  /** Until the first other server went LOOKING. */
  noticedMs: number;
  votingMs: number;
  discoveryMs: number;
  synchronizationMs: number;
  /** From the leader's broadcast on until a client of the run had a write acknowledged in the new epoch. */
  resumedMs: number;
  /** From the first LOOKING to the new leader's quorum of supporters. */
  electedMs: number;
  /** All of it: from the loss to the first acknowledged write. */
  totalMs: number;
  /** In what the winner was better than the next best of its electors. */
  decidedBy: 'epoch' | 'zxid' | 'id' | 'untold';
  /** Why somebody better lost, lawfully. */
  surprise?: string;
}

/** Times no election can be faster than, from the servers' code and these settings. ms. */
export interface Floors {
  /** The others learn of the loss. */
  noticedMs: number;
  /** A contested vote is settled. */
  votingMs: number;
}

export interface CauseStatistics {
  cause: string;
  /** Elections that were asked for. */
  asked: number;
  elections: ElectionTimes[];
  total: Distribution | undefined;
  elected: Distribution | undefined;
  floors: Floors;
  /** Elections by winner, and by what decided them. */
  wins: Record<string, number>;
  decided: Record<string, number>;
}

/**
 * FastLeaderElection.finalizeWait, in every release: having seen a quorum of equal votes, a server listens this long for
 * a better one.
 */
const finalizeWaitMs = 200;

/**
 * A leader that ended closes its connections, which the others see at once. One that is silent is noticed by the read
 * timeout of syncLimit ticks (Learner.syncWithLeader), which began with its last ping, at most half a tick before
 * (Leader.lead).
 */
export function floorsOf(topology: Topology, byTimeout: boolean): Floors {
  const { tickTime, syncLimit } = settingsOf(topology, topology.nodes[0]!.version);
  const noticedMs = byTimeout ? (Number(syncLimit) - 0.5) * Number(tickTime) : 0;
  return { noticedMs, votingMs: finalizeWaitMs };
}

/** Statistics of a run of `gauntlet elections`, by cause in the order of its scenarios. The first tag is the cause. */
export function electionStatistics(run: RunRecord, byTimeout: (cause: string) => boolean): CauseStatistics[] {
  const byCause = new Map<string, ScenarioRecord[]>();
  for (const record of run.scenarios) {
    const cause = record.scenario().tags[0] ?? record.name;
    byCause.set(cause, [...(byCause.get(cause) ?? []), record]);
  }
  return [...byCause].map(([cause, records]) => {
    const elections = records.flatMap(electionTimesIn);
    return {
      cause,
      asked: records.reduce((sum, record) => sum + record.scenario().steps.length, 0),
      elections,
      total: distributionOf(elections.map(({ totalMs }) => totalMs)),
      elected: distributionOf(elections.map(({ electedMs }) => electedMs)),
      floors: floorsOf(records[0]!.scenario().topology, byTimeout(cause)),
      wins: tallyOf(elections.map(({ winner }) => String(winner))),
      decided: tallyOf(elections.map((each) => each.decidedBy)),
    };
  });
}

function tallyOf(words: readonly string[]): Record<string, number> {
  const tally: Record<string, number> = {};
  for (const word of words) tally[word] = (tally[word] ?? 0) + 1;
  return tally;
}

/** Every election that a fault of the scenario caused and that was followed by an acknowledged write. */
export function electionTimesIn(record: ScenarioRecord): ElectionTimes[] {
  // A scenario that could not be judged has none.
  if (!record.files().some(({ path }) => path === `${record.slug}/ledger.json`)) return [];
  const { topology } = record.scenario();
  const journal = record.journal();
  const ledger = record.ledger();
  return ledger.elections.flatMap((election): ElectionTimes[] => {
    const { winner, epoch, endedNs, startedNs, trigger, writes } = election;
    const lostNs = lossOf(election, ledger, journal);
    const lengths = phaseLengths(election);
    if (winner === undefined || epoch === undefined || endedNs === undefined) return [];
    if (trigger?.step === undefined || trigger.kind === 'heal') return [];
    if (lostNs === undefined || lengths === undefined || writes?.firstAckNs === undefined) return [];
    const { electionMs: votingMs, discoveryMs, synchronizationMs } = lengths;
    const totalMs = (writes.firstAckNs - lostNs) / 1e6;
    const noticedMs = Math.max(0, (startedNs - lostNs) / 1e6);
    const words = opinionOn(election, topology, ledger).words;
    return [
      {
        scenario: record.name,
        fault: trigger.kind,
        lostNs,
        epoch,
        winner,
        noticedMs,
        votingMs,
        discoveryMs,
        synchronizationMs,
        resumedMs: Math.max(0, totalMs - noticedMs - votingMs - discoveryMs - synchronizationMs),
        electedMs: (endedNs - startedNs) / 1e6,
        totalMs,
        decidedBy: decidedBy(election) ?? 'untold',
        ...(words !== undefined && { surprise: words }),
      },
    ];
  });
}

/**
 * When the leader was lost. A process ended when the harness saw it end. A cut or a freeze took hold somewhere between
 * its announcement and its proof; the last write that the old leader acknowledged tells where.
 */
function lossOf({ trigger, writes, epoch }: Election, { reigns }: Ledger, journal: readonly JournalEntry[]) {
  const before = reigns.findLast((reign) => reign.epoch < epoch!);
  const { step, atNs: announcedNs } = trigger ?? {};
  if (!before || step === undefined || announcedNs === undefined) return undefined;
  const landed = journal.find((entry) => entry.kind === 'fault-landed' && entry.step === step);
  const landedNs = landed?.atNs ?? announcedNs;
  const exit = journal.find(
    (entry) =>
      entry.kind === 'server-exit' &&
      entry.sid === before.leader &&
      entry.atNs >= announcedNs &&
      entry.atNs <= landedNs,
  );
  return exit?.atNs ?? Math.min(landedNs, Math.max(announcedNs, writes?.lastAckNs ?? announcedNs));
}
