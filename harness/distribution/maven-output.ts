import { Trouble } from '../base/trouble.ts';
import type { Coordinates } from './zookeeper-artifacts.ts';

/** What Maven prints for a cause, and what that means for the user. The first row that matches decides. */
const causes: {
  pattern: RegExp;
  say: (what: string, match: RegExpExecArray) => [reason: string, remedy: string];
}[] = [
  {
    // Before "not found": after a network failure Maven also says that it has no such artifact.
    pattern:
      /offline mode|Unknown host|UnknownHost|Name or service not known|name resolution|Network is unreachable|No route to host|[Cc]onnection (?:refused|reset|timed out)|[Cc]onnect(?:ion)? timed out|Read timed out/,
    say: (_what, match) => [
      `Maven does not reach its repository (${match[0]})`,
      'connect this machine, set up a mirror in settings.xml, or point --zookeeper-home at an unpacked release',
    ],
  },
  {
    pattern: /No space left on device/,
    say: () => ['the disk is full', 'make room in the cache and in ~/.m2'],
  },
  {
    pattern: /[Cc]hecksum validation failed/,
    say: () => ['a download did not match its checksum', 'try again, or ask whoever runs the mirror'],
  },
  {
    pattern: /status(?: code)?:? (401|403|407)|(?:Not authorized|authentication failed)/i,
    say: () => ['the repository refused this user', 'put credentials into settings.xml'],
  },
  {
    pattern: /Could not find artifact ([\w.:-]+)|([\w.-]+:[\w.:-]+) was not found in/,
    say: (_what, match) => [
      `Maven does not find ${match[1] ?? match[2]}`,
      'ask for a release of "gauntlet list versions", or look at the mirror in settings.xml',
    ],
  },
  {
    pattern: /JAVA_HOME[^\n]*/,
    say: (_what, match) => [match[0], 'set JAVA_HOME to a JDK or unset it'],
  },
];

/** Maven's pages of output as one line. `ended` says how Maven ended, for when nothing is recognised. */
export function condenseMavenOutput(what: string, output: string, ended: string): Trouble {
  for (const { pattern, say } of causes) {
    const match = pattern.exec(output);
    if (match !== null) return new Trouble(what, ...say(what, match), { cause: output });
  }
  const line =
    /\[ERROR\] (.+?)(?: -> \[Help \d+\])?$/m.exec(output)?.[1] ?? output.trim().split('\n').at(-1) ?? '';
  return new Trouble(what, `Maven failed (${ended}): ${line}`, 'try the same with mvn itself', {
    cause: output,
  });
}

/** Whether Maven said that this artifact itself, not something it needs, does not exist. */
export function saysUnknown({ cause }: Trouble, { group, name, version }: Coordinates): boolean {
  if (typeof cause !== 'string') return false;
  const kinds = ['jar', 'pom'].map((kind) => `${group}:${name}:${kind}:${version}`);
  return kinds.some(
    (artifact) =>
      cause.includes(`Could not find artifact ${artifact} `) || cause.includes(`${artifact} was not found`),
  );
}
