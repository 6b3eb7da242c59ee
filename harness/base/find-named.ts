import { usage } from './trouble.ts';

/** Where a name was given, what it should be the name of, and what would do as well. */
interface Asked {
  field: string;
  kind: string;
  orElse?: string;
}

/** The one of that name; where there is none, a usage `Trouble` that tells all there are. */
export function findNamed<T extends { name: string }>(
  all: readonly T[],
  name: string,
  { field, kind, orElse = '' }: Asked,
): T {
  const found = all.find((candidate) => candidate.name === name);
  if (found) return found;
  const known = all.map((candidate) => candidate.name).join(', ');
  // An option as it stands on the command line; elsewhere a name may have spaces.
  const asked = field.startsWith('--') ? `${field} ${name}` : `${field} "${name}"`;
  throw usage(asked, `there is no such ${kind}`, `use one of ${known}${orElse}`);
}
