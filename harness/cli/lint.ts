import { readdirSync, readFileSync } from 'node:fs';
import { messageOf, usage } from '../base/trouble.ts';
import { checks } from '../lint/catalogue.ts';
import { type LintReport, lint, type Problem } from '../lint/lint.ts';
import type { Disk } from '../lint/model.ts';
import { checkVersion } from '../topology/version.ts';
import { colours as pc } from './colours.ts';

export interface LintCommandOptions {
  zookeeper: string;
  ignore: string[];
  json?: boolean;
}

/** `gauntlet lint FILE…`: exit code 0 when the files are clean, 1 with problems, 2 when one cannot be read. */
export function lintCommand(files: string[], { zookeeper, ignore, json }: LintCommandOptions): void {
  checkVersion(zookeeper, '--zookeeper');
  for (const id of ignore) {
    if (!checks.some((check) => check.id === id))
      throw usage(`--ignore ${id}`, 'there is no such check', 'see `gauntlet list checks`');
  }
  const inputs = files.map((file) => ({ file, text: textOf(file) }));
  const report = lint(inputs, { release: zookeeper, disk });
  const problems = report.problems.filter(({ check }) => !ignore.includes(check));
  process.stdout.write(json ? `${JSON.stringify({ ...report, problems })}\n` : `${told(report, problems)}\n`);
  process.exitCode = problems.some(({ severity }) => severity !== 'advice') ? 1 : 0;
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw usage(file, messageOf(error), 'give files that can be read', error);
  }
}

/** What is not there, or not a file, is nothing; any other trouble is one. */
function unlessAbsent<T>(path: string, look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (['ENOENT', 'ENOTDIR', 'EISDIR', 'EACCES'].includes(code ?? '')) return undefined;
    throw usage(path, messageOf(error), 'make it readable', error);
  }
}

const disk: Disk = {
  read: (path) => unlessAbsent(path, () => readFileSync(path, 'utf8')),
  list: (path) => unlessAbsent(path, () => readdirSync(path)),
};

function told({ files, servers, skipped }: LintReport, problems: readonly Problem[]): string {
  const seen = new Set<string>();
  const paragraphs = problems.map((problem) => {
    const first = !seen.has(problem.check);
    seen.add(problem.check);
    return first ? `${line(problem)}\n${explanation(problem)}` : line(problem);
  });
  return [
    ...paragraphs,
    ...skipped.map((what) => `not read: ${what}`),
    `${count(files.length, 'file')}, ${count(servers.length, 'server')}: ${sum(problems)}`,
  ].join('\n');
}

const paint = { error: pc.red, warning: pc.yellow, advice: pc.cyan };

const line = ({ severity, check, file, line, what }: Problem) =>
  `${pc.bold(`${file}:${line}`)}: ${paint[severity](severity)}: ${what} [${check}]`;

/** Once for each check: the second finding of a kind needs no second lecture. */
const explanation = ({ effect, remedy }: Problem) => `    then: ${effect}\n    fix:  ${remedy}`;

function sum(problems: readonly Problem[]): string {
  const of = (severity: Problem['severity']) =>
    problems.filter((problem) => problem.severity === severity).length;
  const parts = [
    ...(of('error') > 0 ? [count(of('error'), 'error')] : []),
    ...(of('warning') > 0 ? [count(of('warning'), 'warning')] : []),
  ];
  const advice = of('advice') > 0 ? ['advice'] : [];
  return [...(parts.length > 0 ? parts : ['no problems']), ...advice].join(', ');
}

const count = (n: number, what: string) => `${n} ${what}${n === 1 ? '' : 's'}`;
