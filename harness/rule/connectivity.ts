import type { LinkCut } from '../run/journal-entry.ts';
import { isQuorum, votersOf } from '../topology/quorum.ts';
import type { Topology } from '../topology/topology.ts';
import { faultSpans } from './fault-spans.ts';
import type { Evidence } from './rule.ts';

/** A stretch of time in which nothing changes about who runs and who can talk to whom, as far as the journal proves it. */
export interface Stretch {
  fromNs: number;
  toNs: number;
  /** Servers that may be running. */
  up: ReadonlySet<number>;
  /** Pairs of servers whose traffic as peers is certainly lost, as `pairOf` writes them. */
  cut: ReadonlySet<string>;
}

export const pairOf = (a: number, b: number) => (a < b ? `${a}-${b}` : `${b}-${a}`);

/**
 * A start is journalled when the process exists; before that it may have run for as long as it takes to be noticed.
 * Generous, because a server counted as up too early only makes the rule milder.
 */
const startNoticedNs = 1e9;

/** Faults that freeze processes: they run no instruction between landing and healing. */
const freezing: ReadonlySet<string> = new Set(['pause']);

interface Outage {
  fromNs: number;
  toNs: number;
  down?: readonly number[];
  cuts?: readonly LinkCut[];
}

/**
 * Who could talk to whom, from the journal alone. Every doubt is decided in favour of "could": a server is down from the
 * moment its end was seen until its start, a link cut from the proof that it is until the heal begins (or the kernel's
 * own deadline for it passes).
 */
export function stretches({ journal, topology }: Pick<Evidence, 'journal' | 'topology'>): Stretch[] {
  const outages = [...downTimes({ journal, topology }), ...faultTimes(journal)];
  const edges = new Set([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]);
  for (const { fromNs, toNs } of outages) edges.add(fromNs).add(toNs);
  const times = [...edges].sort((a, b) => a - b);
  return times.slice(0, -1).map((fromNs, i) => {
    const toNs = times[i + 1]!;
    const now = outages.filter((outage) => outage.fromNs <= fromNs && toNs <= outage.toNs);
    const down = new Set(now.flatMap((outage) => outage.down ?? []));
    const up = new Set(topology.nodes.map(({ sid }) => sid).filter((sid) => !down.has(sid)));
    return { fromNs, toNs, up, cut: new Set(now.flatMap((outage) => lostPairs(outage.cuts ?? []))) };
  });
}

/** Peers need both directions of the quorum port: proposals one way, acknowledgements the other, TCP both. */
function lostPairs(cuts: readonly LinkCut[]): string[] {
  return cuts.flatMap(({ from, to, ports }) =>
    from === 'clients' || to === 'clients' || (ports !== 'all' && ports !== 'quorum')
      ? []
      : [pairOf(from, to)],
  );
}

/** From the end of each process to the next start; before the first start nothing ran. */
function downTimes({ journal, topology }: Pick<Evidence, 'journal' | 'topology'>): Outage[] {
  return topology.nodes.flatMap(({ sid }) => {
    const outages: Outage[] = [];
    const own = journal.filter(
      (entry) => (entry.kind === 'server-start' || entry.kind === 'server-exit') && entry.sid === sid,
    );
    let sinceNs: number | undefined = own[0]?.kind === 'server-start' ? Number.NEGATIVE_INFINITY : undefined;
    for (const { kind, atNs } of own) {
      if (kind === 'server-exit') sinceNs ??= atNs;
      else if (sinceNs !== undefined) {
        const toNs = atNs - startNoticedNs;
        if (toNs > sinceNs) outages.push({ fromNs: sinceNs, toNs, down: [sid] });
        sinceNs = undefined;
      }
    }
    if (sinceNs !== undefined) outages.push({ fromNs: sinceNs, toNs: Number.POSITIVE_INFINITY, down: [sid] });
    return outages;
  });
}

function faultTimes(journal: Evidence['journal']): Outage[] {
  return faultSpans(journal).flatMap(({ fault, victims, landedNs, healingNs, deadlineNs, cuts }) => {
    if (landedNs === undefined) return [];
    // A fault without an end in the journal holds until the kernel's deadline; without that we know nothing.
    const toNs = Math.min(healingNs ?? Infinity, deadlineNs ?? healingNs ?? landedNs);
    if (toNs <= landedNs) return [];
    return freezing.has(fault)
      ? { fromNs: landedNs, toNs, down: victims, cuts }
      : { fromNs: landedNs, toNs, cuts };
  });
}

/** Whether a quorum of voters around one leader exists at all. */
export function hasQuorum(topology: Topology, stretch: Pick<Stretch, 'up' | 'cut'>): boolean {
  return leadersWithQuorum(topology, stretch).length > 0;
}

/** Whether a quorum of voters, itself among them, could hear this one as their leader. */
export function leadsQuorum(
  topology: Topology,
  stretch: Pick<Stretch, 'up' | 'cut'>,
  leader: number,
): boolean {
  return leadersWithQuorum(topology, stretch).includes(leader);
}

/** Whether this server could answer a write: it runs, and is or hears a leader that hears a quorum. */
export function canCommit(topology: Topology, stretch: Pick<Stretch, 'up' | 'cut'>, sid: number): boolean {
  return (
    stretch.up.has(sid) &&
    leadersWithQuorum(topology, stretch).some(
      (leader) => leader === sid || !stretch.cut.has(pairOf(leader, sid)),
    )
  );
}

function leadersWithQuorum(topology: Topology, { up, cut }: Pick<Stretch, 'up' | 'cut'>): number[] {
  const voters = votersOf(topology)
    .map(({ sid }) => sid)
    .filter((sid) => up.has(sid));
  return voters.filter((leader) => {
    const heard = voters.filter((sid) => sid === leader || !cut.has(pairOf(leader, sid)));
    return isQuorum(topology, new Set(heard));
  });
}

/** What was possible at some time within several stretches: up in one of them, linked in one of them. */
export function together(all: readonly Stretch[]): Pick<Stretch, 'up' | 'cut'> {
  const up = new Set(all.flatMap((stretch) => [...stretch.up]));
  const cut = new Set([...all[0]!.cut].filter((pair) => all.every((stretch) => stretch.cut.has(pair))));
  return { up, cut };
}
