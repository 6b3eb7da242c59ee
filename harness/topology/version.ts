import { usage } from '../base/trouble.ts';

const pattern = /^(\d+)\.(\d+)\.(\d+)(?:-([a-z]+)[.-]?(\d*))?$/;

/** Throws a usage `Trouble` naming `thing` when `version` is not written like a release ("3.9.5", "3.5.3-beta"). */
export function checkVersion(version: string, thing: string, product = 'ZooKeeper'): string {
  if (!pattern.test(version)) {
    throw usage(`${thing} "${version}"`, `no ${product} release number`, 'write it like 3.9.5 or 3.5.3-beta');
  }
  return version;
}

/** Whether it is written like a release; servers of somebody else may not say which one they are. */
export const isVersion = (text: string) => pattern.test(text);

/**
 * Whether `version` has what came with `first`. A suffix does not count: what came with 3.5.3 is in 3.5.3-beta, which
 * is how ZooKeeper named that release.
 */
export function atLeast(version: string, first: string): boolean {
  return compareNumbers(numbersOf(version), numbersOf(first)) >= 0;
}

/** Orders releases from old to new; 3.5.0-alpha before 3.5.0-beta before 3.5.0. */
export function compareVersions(a: string, b: string): number {
  const [first, second] = [suffixOf(a), suffixOf(b)];
  return compareNumbers(numbersOf(a), numbersOf(b)) || Number(first > second) - Number(first < second);
}

type Numbers = [major: number, minor: number, patch: number];

function numbersOf(version: string): Numbers {
  const match = pattern.exec(version);
  if (match === null) throw new Error(`not a version: ${version}`);
  return [Number(match[1]), Number(match[2]), Number(match[3])];
}

/** '~' sorts after every letter: a release without a suffix is the newest of its number. */
const suffixOf = (version: string) => pattern.exec(version)?.[4] ?? '~';

function compareNumbers(a: Numbers, b: Numbers): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}
