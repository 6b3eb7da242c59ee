import type { RoleSpan } from './ledger.ts';
import type { Timeline } from './timeline.ts';

/**
 * What one server said it was, without gaps from its first word (or the run's origin, when the journal saw it start) to
 * `endNs`.
 */
export function spansOf({ sid, events }: Timeline, endNs: number): RoleSpan[] {
  const changes: Pick<RoleSpan, 'state' | 'fromNs'>[] = [];
  const change = (state: RoleSpan['state'], fromNs: number) => {
    if (changes.at(-1)?.state !== state) changes.push({ state, fromNs });
  };
  for (const event of events) {
    if (event.kind === 'role') change(event.state, event.atNs);
    else if (event.kind === 'exit') change('DOWN', event.atNs);
    else if (event.kind === 'spawn' && changes.length === 0) change('DOWN', 0);
    else if (event.kind === 'start' && changes.length > 0) change('DOWN', event.atNs);
  }
  return changes
    .map(({ state, fromNs }, i) => ({ sid, state, fromNs, toNs: changes[i + 1]?.fromNs ?? endNs }))
    .filter(({ fromNs, toNs }) => toNs > fromNs);
}
