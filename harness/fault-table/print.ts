import { differences, inWords } from './compare.ts';
import { expectedOf, type Links, letters, links, nameOf, type Picture, type Row } from './row.ts';
import { asExpected, type Tried } from './try-faults.ts';

/** A line of the table: what stands before it, the row's name, and the letters of one picture. */
interface Line {
  mark: string;
  name: string;
  picture: Picture;
  more: string;
}

const legendOf = (words: Record<string, string>) =>
  Object.entries(words)
    .map(([letter, meaning]) => `(${letter}) ${meaning}`)
    .join(', ');

/** What the letters say. */
export const legend = [
  'zk1, zk2, zk3 are the servers 1, 2, 3; c is where clients are; zk1 is the victim unless others are named.',
  'Under "from>to" a letter each for the client, the quorum and the election port.',
  `fresh: a new connection ${legendOf(letters.fresh)}.`,
  `kept: a connection opened before the fault ${legendOf(letters.kept)}.`,
].join('\n');

const titles = {
  echo: 'links, with an echo on every port of every server',
  servers: 'real servers; zk3 leads; the kept connections are sessions',
} as const;

/** The promise: what every fault must do, for a page of documentation. */
export function expectedTable(rows: readonly Row[]): string {
  return sections(rows.map((row) => ({ row, lines: [lineOf('', row)] })));
}

/** What was expected and what was seen; where both are the same they stand there once. */
export function triedTable(all: readonly Tried[]): string {
  return sections(all.map((tried) => ({ row: tried.row, lines: linesOf(tried) })));
}

function linesOf(tried: Tried): (Line | string)[] {
  const { row, played } = tried;
  if (played.kind !== 'seen') {
    const mark = played.kind === 'unsupported' ? '--' : 'no';
    return [`${mark}  ${nameOf(row)}: ${played.kind}: ${played.reason}`];
  }
  if (asExpected(tried)) return [lineOf('ok', row)];
  const expected = expectedOf(row);
  return [
    lineOf('no', row),
    { mark: '', name: '  seen', picture: played.seen.during, more: '' },
    ...differences(expected, played.seen).map((difference) => `      ${inWords(difference)}`),
  ];
}

function lineOf(mark: string, row: Row): Line {
  const { before, during, after } = expectedOf(row);
  return { mark, name: nameOf(row), picture: during, more: afterwards(before, after) };
}

/** "as before", or where not: "kept: x.. at 2>1 3>1". */
function afterwards(before: Picture, after: Picture): string {
  const changes = new Map<string, string[]>();
  for (const link of links) {
    if (before.kept[link] === after.kept[link]) continue;
    changes.set(after.kept[link], [...(changes.get(after.kept[link]) ?? []), link]);
  }
  if (changes.size === 0) return 'as before';
  return [...changes].map(([state, where]) => `kept: ${state} at ${where.join(' ')}`).join('; ');
}

function sections(rows: readonly { row: Row; lines: (Line | string)[] }[]): string {
  const parts = (['echo', 'servers'] as const).flatMap((on) => {
    const own = rows.filter(({ row }) => row.on === on);
    if (own.length === 0) return [];
    const { before } = expectedOf({ on, during: {} });
    const none: Line = { mark: '', name: '(no fault)', picture: before, more: '' };
    return [`${titles[on]}\n${block([none, ...own.flatMap(({ lines }) => lines)])}`];
  });
  return parts.join('\n\n');
}

function block(lines: readonly (Line | string)[]): string {
  const title = 'during the fault';
  const width = Math.max(
    title.length,
    ...lines.map((line) => (typeof line === 'string' ? 0 : line.name.length)),
  );
  const indent = ' '.repeat(4);
  const head = `${indent}${title.padEnd(width)}        ${links.join(' ')}  afterwards`;
  return [head, ...lines.flatMap((line) => (typeof line === 'string' ? line : twoLines(line)))].join('\n');

  function twoLines({ mark, name, picture, more }: Line): string[] {
    const cells = (row: Links) => links.map((link) => row[link]).join(' ');
    return [
      `${mark.padEnd(4)}${name.padEnd(width)}  fresh ${cells(picture.fresh)}  ${more}`.trimEnd(),
      `${indent}${' '.repeat(width)}  kept  ${cells(picture.kept)}`,
    ];
  }
}
