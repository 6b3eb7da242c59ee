import { eventsOf } from './event-order.ts';
import type { Call } from './registers.ts';

/**
 * One `porcupine.Operation` a line, for a model of registers by key; docs/export.md has the Go program. What failed is
 * left out (it changed nothing); a call without an answer has no `return`.
 */
export function* porcupineLines(calls: readonly Call[]): Iterable<string> {
  const single = calls
    .filter(({ outcome }) => outcome !== 'fail')
    .flatMap(({ touches, ...call }) => touches.map((touch) => ({ ...call, touch })));
  const isOpen = ({ outcome }: { outcome: Call['outcome'] }) => outcome === 'unknown';
  for (const { of, kind, lane } of eventsOf(single, isOpen)) {
    if (kind === 'end') continue;
    const { f, key, value, expected } = of.touch;
    yield JSON.stringify({
      client: lane,
      f,
      key,
      value,
      ...(f === 'cas' && { expected }),
      call: of.invokedNs,
      ...(!isOpen(of) && { return: of.returnedNs }),
    });
  }
}
