import type { Ledger } from './ledger.ts';

/** One server that says LEADING; `epoch` and `establishedNs` once it has a quorum of supporters. */
interface Leading {
  sid: number;
  epoch?: number;
  establishedNs?: number;
}

/** A span in which two servers both say LEADING, by their own logs. Legal in two epochs for a tick or two, never in one. */
export interface LeadingOverlap {
  fromNs: number;
  toNs: number;
  leaders: [Leading, Leading];
}

/** All such spans, in order of time. A server that has logged its shutdown as leader no longer counts. */
export function leadingOverlaps(ledger: Ledger): LeadingOverlap[] {
  const leading = leadingSpans(ledger).sort((a, b) => a.fromNs - b.fromNs);
  const overlaps = leading.flatMap((one, i) =>
    leading.slice(i + 1).flatMap((other): LeadingOverlap[] => {
      const fromNs = Math.max(one.fromNs, other.fromNs);
      const toNs = Math.min(one.toNs, other.toNs);
      if (one.leader.sid === other.leader.sid || fromNs >= toNs) return [];
      return [{ fromNs, toNs, leaders: [one.leader, other.leader] }];
    }),
  );
  return overlaps.sort((a, b) => a.fromNs - b.fromNs);
}

function leadingSpans({ spans, reigns }: Ledger): { fromNs: number; toNs: number; leader: Leading }[] {
  return spans
    .filter(({ state }) => state === 'LEADING')
    .map(({ sid, fromNs, toNs }) => {
      const reign = reigns.find(
        (r) => r.leader === sid && r.establishedNs >= fromNs && r.establishedNs <= toNs,
      );
      if (!reign) return { fromNs, toNs, leader: { sid } };
      const { epoch, establishedNs } = reign;
      return { fromNs, toNs: Math.min(toNs, reign.endedNs ?? toNs), leader: { sid, epoch, establishedNs } };
    });
}
