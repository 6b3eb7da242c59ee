import type { PortClass } from '../topology/topology.ts';
import {
  cellsOf,
  type Kind,
  type Letter,
  type Link,
  letters,
  type Phase,
  type Pictures,
  phases,
} from './row.ts';

/** One connection whose state was not the expected one. */
export interface Difference {
  phase: Phase;
  kind: Kind;
  link: Link;
  port: PortClass;
  expected: Letter;
  seen: Letter;
}

function fits(expected: Letter, seen: Letter): boolean {
  return expected === seen || (expected === '*' && (seen === 'o' || seen === 'x'));
}

/** Every connection that was not as expected, in any phase. */
export function differences(expected: Pictures, seen: Pictures): Difference[] {
  return phases.flatMap((phase) =>
    (['fresh', 'kept'] as const).flatMap((kind) => {
      const saw = cellsOf(seen[phase][kind]);
      return cellsOf(expected[phase][kind])
        .map(({ link, port, letter }, i) => ({
          phase,
          kind,
          link,
          port,
          expected: letter,
          seen: saw[i]!.letter,
        }))
        .filter((cell) => !fits(cell.expected, cell.seen));
    }),
  );
}

const kindNames: Record<Kind, string> = { fresh: 'a new connection', kept: 'a kept connection' };

/** "zk1 to zk2, quorum port, during the fault, a new connection: expected that it hangs, saw that it opens". */
export function inWords({ phase, kind, link, port, expected, seen }: Difference): string {
  const when = phase === 'during' ? 'during the fault' : `${phase} it`;
  const [from, to] = link.split('>').map((place) => (place === 'c' ? 'clients' : `zk${place}`));
  const words: Partial<Record<Letter, string>> = letters[kind];
  return `${from} to ${to}, ${port} port, ${when}, ${kindNames[kind]}: expected that it ${words[expected]}, saw that it ${words[seen]}`;
}
