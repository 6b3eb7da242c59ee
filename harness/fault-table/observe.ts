import type { Place } from '../backend/backend.ts';
import { sleep } from '../base/clock.ts';
import { portClasses } from '../topology/topology.ts';
import { cellsOf, type Letter, type Links, links, type Picture } from './row.ts';
import type { Speech } from './speech.ts';
import type { Path, Talkers } from './talkers.ts';

/** What stays without an answer this long is silent, as with probes; answers here take well under a millisecond. */
const quietMs = 400;

const lookEveryMs = 5;

export const pathsOf = (picture: Links): Path[] =>
  cellsOf(picture)
    .filter(({ letter }) => letter !== '.')
    .map(({ link, port }) => {
      const [from, to] = link.split('>');
      return { from: from === 'c' ? 'clients' : (Number(from) as Place), to: Number(to), port };
    });

/**
 * Tries every new connection and asks on every kept one, all at once. Returns early when all is as expected, and what was
 * seen when patience ends: whoever asked compares it.
 */
export async function observe(
  talkers: Talkers,
  speech: Speech,
  expected: Picture,
  patienceMs: number,
): Promise<Picture> {
  const end = performance.now() + patienceMs;
  const [fresh, kept] = await Promise.all([
    tryNew(talkers, expected.fresh, end),
    askKept(talkers, speech, expected.kept, end),
  ]);
  return { fresh, kept };
}

async function tryNew(talkers: Talkers, expected: Links, end: number): Promise<Links> {
  const wanted = lettersOf(expected);
  const paths = pathsOf(expected);
  const seen: Letter[] = [];
  let left = [...wanted.keys()];
  await until(end, async () => {
    const letters = await talkers.tryNew(
      left.map((i) => paths[i]!),
      quietMs,
    );
    for (const [n, i] of left.entries()) seen[i] = letters[n]!;
    left = left.filter((i) => seen[i] === '-' && wanted[i] !== '-');
    return left.length === 0;
  });
  return pictureOf(expected, seen);
}

async function askKept(talkers: Talkers, speech: Speech, expected: Links, end: number): Promise<Links> {
  const wanted = lettersOf(expected);
  const allAnswer = wanted.every((letter) => letter === 'o' || letter === 'x');
  talkers.ask(speech);
  await until(end, async () => {
    const pending = talkers.answers().some((letter, i) => mayCome(letter, wanted[i]!));
    return !pending && (allAnswer || talkers.quietForMs() >= quietMs);
  });
  return pictureOf(expected, talkers.answers());
}

/** Whether a question may yet come as far as is expected: silence is broken, what was heard is answered, ends show late. */
const mayCome = (letter: Letter, wanted: Letter) =>
  letter !== wanted && (letter === '-' || letter === '>') && wanted !== '-';

async function until(end: number, settled: () => Promise<boolean>): Promise<void> {
  while (!(await settled()) && performance.now() < end) await sleep(lookEveryMs);
}

const lettersOf = (picture: Links): Letter[] =>
  cellsOf(picture)
    .map(({ letter }) => letter)
    .filter((letter) => letter !== '.');

/** Letters in the order of the cells, back at their links; what is not kept is not seen. */
function pictureOf(expected: Links, seen: readonly Letter[]): Links {
  let next = 0;
  return Object.fromEntries(
    links.map((link) => [
      link,
      portClasses.map((_, i) => (expected[link].charAt(i) === '.' ? '.' : seen[next++])).join(''),
    ]),
  ) as Links;
}
