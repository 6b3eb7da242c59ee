import type { JournalEntry } from '../../harness/run/journal-entry.ts';
import type { Topology } from '../../harness/topology/topology.ts';

/** A stretch of a scenario in which the same number of servers ran the new release. */
export interface Stage {
  fromNs: number;
  toNs: number;
  /** Servers on the new release, of all. */
  moved: number;
  of: number;
  /** Whether all had moved at an earlier stage: the way back. */
  back: boolean;
}

/**
 * The stages of one scenario, from what every server was last started on. A stage begins when a server is started, and is
 * one when the ensemble was then waited for.
 */
export function stagesOf(
  topology: Topology,
  journal: readonly JournalEntry[],
  to: string,
  endNs: number,
): Stage[] {
  const on = new Map(topology.nodes.map(({ sid, version }) => [sid, version]));
  const movedNow = () => [...on.values()].filter((version) => version === to).length;
  const of = on.size;
  const stages: Stage[] = [];
  let back = false;
  // Servers that are started together make one stage: that between them nobody waits for.
  let lookedAt = true;
  const begin = (fromNs: number) => {
    const moved = movedNow();
    if (stages.at(-1)?.moved === moved) return;
    if (!lookedAt) stages.pop();
    const last = stages.at(-1);
    if (last) last.toNs = fromNs;
    back ||= last?.moved === of && moved < of;
    stages.push({ fromNs, toNs: endNs, moved, of, back });
    lookedAt = false;
  };
  begin(0);
  for (const entry of journal) {
    if (entry.kind === 'serving' || entry.kind === 'not-serving') lookedAt = true;
    // Brokers start, too.
    if (entry.kind !== 'server-start' || !on.has(entry.sid)) continue;
    on.set(entry.sid, entry.version);
    begin(entry.atNs);
  }
  return stages;
}

/** What a stage is called beside others: the release alone, or how far the upgrade is. */
export function stageName({ moved, of, back }: Stage, { from, to }: { from: string; to: string }): string {
  if (moved === 0) return back ? `${from} again` : from;
  if (moved === of) return to;
  return `${moved} of ${of} on ${to}${back ? ', on the way back' : ''}`;
}
