import { type PortClass, portClasses } from '../topology/topology.ts';

/**
 * States of a connection, a letter each: of one that is tried now, and of one that was opened before the fault and kept.
 * `*` is only ever expected.
 */
export const letters = {
  fresh: {
    o: 'opens',
    x: 'is refused',
    '-': 'hangs',
    '!': 'fails on this machine',
    '*': 'opens or is refused',
  },
  kept: {
    o: 'answers',
    '>': 'is heard, but its answers are lost',
    '-': 'is silent',
    x: 'is closed',
    '.': 'is not kept',
  },
} as const;
export type Kind = keyof typeof letters;
export type Letter = keyof typeof letters.fresh | keyof typeof letters.kept;

/** Servers are 1 to 3, `c` is where clients are. */
export const links = ['1>2', '1>3', '2>1', '2>3', '3>1', '3>2', 'c>1', 'c>2', 'c>3'] as const;
export type Link = (typeof links)[number];

/** The state of every link, a letter each for the client, quorum and election port. */
export type Links = Record<Link, string>;
export type Picture = Record<Kind, Links>;

export const phases = ['before', 'during', 'after'] as const;
export type Phase = (typeof phases)[number];
export type Pictures = Record<Phase, Picture>;

/** Several links at once, as in "1>2 1>3", and their letters; links that are not named stay as they are. */
export type Changes = Readonly<Record<string, string>>;

/** One fault and what it must do to every connection there can be. Plain data. */
export interface Row {
  fault: string;
  params: Record<string, unknown>;
  victims: readonly number[];
  /** What listens: the harness's own echo on every port, or real servers (see table.ts). */
  on: 'echo' | 'servers';
  /** While it lasts, where that differs from before. */
  during: Partial<Record<Kind, Changes>>;
  /** What became of open connections when it is over, where that differs from before; new ones are as before. */
  keptAfter?: Changes;
}

const all = (letters: string) => Object.fromEntries(links.map((link) => [link, letters])) as Links;

/** Of real servers only the leader, which is server 3 here, listens on its quorum port. */
const before: Record<Row['on'], Picture> = {
  echo: { fresh: all('ooo'), kept: all('ooo') },
  servers: {
    fresh: changed(all('oxo'), { '1>3 2>3 c>3': 'ooo' }),
    kept: all('o..'),
  },
};

/** The whole picture a row stands for. */
export function expectedOf({ on, during, keptAfter }: Pick<Row, 'on' | 'during' | 'keptAfter'>): Pictures {
  const { fresh, kept } = before[on];
  return {
    before: { fresh, kept },
    during: { fresh: changed(fresh, during.fresh), kept: changed(kept, during.kept) },
    after: { fresh, kept: changed(kept, keptAfter) },
  };
}

function changed(picture: Links, changes: Changes = {}): Links {
  const result = { ...picture };
  for (const [names, letters] of Object.entries(changes)) {
    if (letters.length !== portClasses.length) throw new Error(`"${letters}" has not one letter a port`);
    for (const link of names.split(' ')) {
      if (!(link in result)) throw new Error(`there is no link "${link}"`);
      result[link as Link] = letters;
    }
  }
  return result;
}

/** Every cell of a picture, in the order it is printed. */
export function cellsOf(picture: Links): { link: Link; port: PortClass; letter: Letter }[] {
  return links.flatMap((link) =>
    portClasses.map((port, i) => ({ link, port, letter: picture[link].charAt(i) as Letter })),
  );
}

/** A row's name: the fault, its parameters and, unless it is server 1, its victims. */
export function nameOf({ fault, params, victims }: Row): string {
  const words = Object.entries(params).map(([key, value]) => `${key}=${textOf(value)}`);
  if (victims.join() !== '1') words.push(`victims=${textOf(victims)}`);
  return [fault, ...words].join(' ');
}

const textOf = (value: unknown): string =>
  Array.isArray(value)
    ? value.map((each) => (Array.isArray(each) ? each.join('+') : String(each))).join(',')
    : String(value);
