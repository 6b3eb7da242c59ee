import { usage } from '../base/trouble.ts';
import { checks } from './catalogue.ts';
import type { Check } from './checks/check.ts';
import { ensemblesOf } from './ensembles.ts';
import type { Disk, Subject } from './model.ts';
import { readCompose } from './read-compose.ts';
import { readKubernetes } from './read-kubernetes.ts';
import { readZooCfg } from './read-zoo-cfg.ts';
import { type Kind, recognise } from './recognise.ts';
import { readYaml, type Tree } from './yaml-tree.ts';

export interface Input {
  /** As the user named it: findings repeat it. */
  file: string;
  text: string;
}

export interface LintOptions {
  /** Release that will read the files, where no image tag tells. */
  release: string;
  disk: Disk;
}

/** One mistake in one place. */
export interface Problem extends Pick<Check, 'severity' | 'effect' | 'remedy' | 'source'> {
  check: string;
  file: string;
  line: number;
  what: string;
}

export interface LintReport {
  files: { file: string; kind: Kind }[];
  /** Every server found, and which others its ensemble has. */
  servers: { name: string; ensemble: string[] }[];
  /** What runs ZooKeeper and could not be read, with the reason. */
  skipped: string[];
  problems: Problem[];
}

/**
 * Reads all files together and applies every check. Throws a usage `Trouble` for a file that is none of the known kinds,
 * and for files without any server: nothing seen is not the same as nothing wrong.
 */
export function lint(inputs: readonly Input[], options: LintOptions): LintReport {
  const read = inputs.map(({ file, text }) => {
    const yaml = readYaml(file, text);
    return { file, text, yaml: yaml.documents, kind: recognise(file, text, yaml) };
  });
  const subject = subjectOf(read, options);
  const stray = read.find((input) => isPart(input) && !isUsed(input, subject));
  if (stray !== undefined)
    throw usage(stray.file, 'no zoo.cfg among these files has it', 'give the zoo.cfg it belongs to');
  if (subject.containers.length + subject.servers.length + subject.brokers.length === 0)
    throw nothingIn(read, subject.skipped);
  return {
    files: read.map(({ file, kind }) => ({ file, kind })),
    servers: ensemblesOf(subject.servers).flatMap((ensemble) => {
      const names = ensemble.map(({ name }) => name);
      return names.map((name) => ({ name, ensemble: names }));
    }),
    skipped: subject.skipped,
    problems: problemsOf(subject),
  };
}

interface ReadFile extends Input {
  yaml: Tree[];
  kind: Kind;
}

function subjectOf(read: readonly ReadFile[], { release, disk }: LintOptions): Subject {
  const ofKind = (kind: Kind) => read.filter((file) => file.kind === kind);
  const manifests = ofKind('kubernetes').flatMap(({ yaml }) => yaml);
  const parts: Partial<Subject>[] = [
    {
      servers: ofKind('zoo.cfg').map(({ file, text }) =>
        readZooCfg({ file, text }, { release, disk, myids: ofKind('myid'), dynamic: ofKind('dynamic') }),
      ),
    },
    ...ofKind('compose').flatMap(({ file, yaml }) =>
      yaml.map((root) => readCompose(file, root, { release, disk })),
    ),
    readKubernetes(manifests, release),
  ];
  const all = <K extends keyof Subject>(key: K) =>
    parts.flatMap((part) => (part[key] ?? []) as Subject[K][number][]);
  return {
    servers: all('servers'),
    containers: all('containers'),
    workloads: all('workloads'),
    services: all('services'),
    budgets: all('budgets'),
    brokers: all('brokers'),
    skipped: [
      ...all('skipped'),
      ...all('containers')
        .filter(({ servers }) => servers.length === 0)
        .map(({ name }) => `${name} (its zoo.cfg or its entry point is not in these files)`),
    ],
  };
}

/** A file that says something only together with a zoo.cfg. */
const isPart = ({ kind }: ReadFile) => kind === 'myid' || kind === 'dynamic';

function isUsed({ file }: ReadFile, { servers }: Subject): boolean {
  return servers.some(
    ({ id, settings }) =>
      (id.kind === 'text' && id.place.file === file) || settings.some(({ place }) => place.file === file),
  );
}

/** In the order of files and lines. Replicas of one template make the same finding once. */
function problemsOf(subject: Subject): Problem[] {
  const found = checks.flatMap(({ id, severity, effect, remedy, source, find }) =>
    find(subject).map(({ place, what }) => ({ check: id, severity, ...place, what, effect, remedy, source })),
  );
  const distinct = new Map(
    found.map((problem) => [`${problem.check} ${problem.file}:${problem.line} ${problem.what}`, problem]),
  );
  return [...distinct.values()].sort((a, b) =>
    a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line,
  );
}

function nothingIn(read: readonly ReadFile[], skipped: readonly string[]) {
  const files = read.length === 1 ? read[0]!.file : `${read.length} files`;
  const other = skipped.length > 0 ? `; not read: ${skipped.join(', ')}` : '';
  const reason = `nothing in it runs the official image of ZooKeeper, or one with its variable ZOO_MY_ID${other}`;
  return usage(files, reason, 'give the files that describe the servers');
}
