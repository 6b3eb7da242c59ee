import { nodeName } from '../harness/topology/topology.ts';
import { strip } from './distribution.ts';
import type { CauseStatistics } from './election-times.ts';
import { duration, plural } from './format.ts';

const stripWidth = 60;
const surprisesMax = 3;

/** What `gauntlet elections` prints: for each cause the two distributions on one scale, the floors, and who won. */
export function electionLines(all: readonly CauseStatistics[]): string[] {
  const most = Math.max(1, ...all.map(({ total, elected }) => Math.max(total?.max ?? 0, elected?.max ?? 0)));
  return all.flatMap((each) => causeLines(each, most));
}

function causeLines(
  { cause, asked, elections, total, elected, floors, ...won }: CauseStatistics,
  most: number,
) {
  const lines = ['', `${cause}: ${elections.length} of ${plural(asked, 'election')} measured`];
  if (!total || !elected) return lines;
  const both = [
    [
      'loss to first write',
      total,
      elections.map(({ totalMs }) => totalMs),
      floors.noticedMs + floors.votingMs,
    ],
    ['election', elected, elections.map(({ electedMs }) => electedMs), floors.votingMs],
  ] as const;
  for (const [name, { min, median, p90, max }, values, floor] of both) {
    const said = `min ${duration(min)}, median ${duration(median)}, 90 % ≤ ${duration(p90)}, max ${duration(max)}`;
    lines.push(`  ${name.padEnd(20)} ${said}; floor ${duration(floor)}`);
    lines.push(`  ${''.padEnd(20)} ${strip(values, most, stripWidth, floor)} ${duration(most)}`);
  }
  lines.push(`  ${'won by'.padEnd(20)} ${winsInWords(won)}`);
  const surprises = elections.filter(({ surprise }) => surprise !== undefined);
  for (const { epoch, surprise } of surprises.slice(0, surprisesMax))
    lines.push(`  epoch ${epoch}: ${surprise}`);
  if (surprises.length > surprisesMax) lines.push(`  and ${surprises.length - surprisesMax} more like these`);
  return lines;
}

/** "zk2 8 times, zk3 once; decided by the id 7 times, the zxid twice". */
export function winsInWords({ wins, decided }: Pick<CauseStatistics, 'wins' | 'decided'>): string {
  const tally = (counts: Record<string, number>, name: (key: string) => string) =>
    Object.entries(counts)
      .map(([key, n]) => `${name(key)} ${n === 1 ? 'once' : `${n} times`}`)
      .join(', ');
  const by = tally(decided, (what) => (what === 'untold' ? 'not told by the logs' : `by the ${what}`));
  return `${tally(wins, (sid) => nodeName(Number(sid)))}; decided ${by}`;
}
