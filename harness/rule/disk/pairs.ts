import type { ServerHistory, Stretch } from './server-history.ts';
import { lastOf } from './server-history.ts';

/** A transaction that one server has and another lacks, although both logged `both` afterwards. */
export interface Hole {
  zxid: number;
  has: number;
  lacks: number;
  both: number;
}

/**
 * Compares two servers, stretch by stretch. Where both go on from what is known, everything up to the last transaction
 * they share must be the same in both. Behind that they may differ: a proposal that never found a quorum stays in the
 * log of whoever wrote it until it rejoins and is told to discard it, or takes over a snapshot that leaves it behind.
 */
export function holesBetween(one: ServerHistory, other: ServerHistory): Hole[] {
  return one.stretches.flatMap((a) =>
    other.stretches.flatMap((b) => {
      const base = Math.max(a.base, b.base);
      const both = lastShared(a, b, base);
      if (both === undefined) return [];
      const [here, there] = [one.server.sid, other.server.sid];
      return [
        ...onlyIn(a, b, base, both).map((zxid) => ({ zxid, has: here, lacks: there, both })),
        ...onlyIn(b, a, base, both).map((zxid) => ({ zxid, has: there, lacks: here, both })),
      ];
    }),
  );
}

function lastShared(a: Stretch, b: Stretch, base: number): number | undefined {
  if (lastOf(a) <= base || lastOf(b) <= base) return undefined;
  const there = new Set(b.zxids);
  return a.zxids.findLast((zxid) => zxid > base && there.has(zxid));
}

function onlyIn(a: Stretch, b: Stretch, base: number, upTo: number): number[] {
  const there = new Set(b.zxids);
  return a.zxids.filter((zxid) => zxid > base && zxid < upTo && !there.has(zxid));
}
