/** An interval and its place in a list. */
interface Interval {
  invokedNs: number;
  returnedNs: number;
}

/** A beginning or an end, on a lane where intervals never overlap. */
export interface Event<T extends Interval> {
  of: T;
  kind: 'begin' | 'end';
  atNs: number;
  lane: number;
}

/**
 * Beginnings and ends in order of time. At the same moment beginnings come first: intervals that touch overlap. Each
 * interval gets a lane that is free, and one for which `keeps` holds leaves it to nobody else.
 */
export function eventsOf<T extends Interval>(
  intervals: readonly T[],
  keeps: (interval: T) => boolean = () => false,
): Event<T>[] {
  const events: Event<T>[] = intervals.flatMap((of) => [
    { of, kind: 'begin', atNs: of.invokedNs, lane: 0 },
    { of, kind: 'end', atNs: of.returnedNs, lane: 0 },
  ]);
  const rank = { begin: 0, end: 1 };
  events.sort((a, b) => a.atNs - b.atNs || rank[a.kind] - rank[b.kind]);
  const laneOf = new Map<T, number>();
  const free: number[] = [];
  let lanes = 0;
  for (const event of events) {
    if (event.kind === 'begin') {
      event.lane = free.pop() ?? lanes++;
      laneOf.set(event.of, event.lane);
    } else {
      event.lane = laneOf.get(event.of)!;
      if (!keeps(event.of)) free.push(event.lane);
    }
  }
  return events;
}
