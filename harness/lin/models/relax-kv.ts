import type { Relaxations } from '../explain/relax.ts';

/** A text may be anything that begins a text read, or something that begins none of them. */
export const relaxKv: Relaxations = {
  anyState(calls) {
    const texts = calls
      .filter(({ f, outcome }) => f === 'get' && outcome === 'ok')
      .map(({ output }) => String(output ?? ''));
    const beginnings = texts.flatMap((text) =>
      Array.from({ length: text.length + 1 }, (_, end) => text.slice(0, end)),
    );
    let other = '\u{10ffff}';
    while (texts.some((text) => text.startsWith(other))) other += other;
    return [...new Set([...beginnings, other])];
  },
};
