import { ensemblesOf } from '../ensembles.ts';
import type { Ensemble, Place, Server, Setting, Subject } from '../model.ts';

export interface Found {
  place: Place;
  /** What is wrong, as a sentence without its full stop, with the value that is wrong. */
  what: string;
}

/** One mistake people make, as data. `effect`, `remedy` and `source` are shown with every finding and in docs/lint.md. */
export interface Check {
  id: string;
  /**
   * An error keeps a server or its clients from working, or can lose data; a warning works until something happens.
   * Advice is about files that are right: it never makes the command fail.
   */
  severity: 'error' | 'warning' | 'advice';
  about: string;
  /** What the real server does then. */
  effect: string;
  remedy: string;
  /** Server class, JIRA or document this comes from. */
  source: string;
  find(subject: Subject): Found[];
}

export const perServer =
  (find: (server: Server) => Found[]) =>
  ({ servers }: Subject): Found[] =>
    servers.flatMap(find);

export const perEnsemble =
  (find: (ensemble: Ensemble) => Found[]) =>
  ({ servers }: Subject): Found[] =>
    ensemblesOf(servers).flatMap(find);

/** A finding at a setting, when there is a reason. */
export function at(setting: Setting | undefined, what: (value: string) => string | false): Found[] {
  if (setting === undefined || setting.value === null) return [];
  const text = what(setting.value);
  return text === false ? [] : [{ place: setting.place, what: text }];
}

export const quoted = (setting: Setting) => `${setting.written}=${setting.value}`;

/** "1, 2 and 3". */
export function listed(items: readonly (string | number)[]): string {
  const words = items.map(String);
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
