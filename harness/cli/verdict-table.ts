import { join } from 'node:path';
import type { RunVerdict, Verdict } from '../rule/verdict.ts';
import { colours as pc } from './colours.ts';

const paint: Record<Verdict, (text: string) => string> = {
  pass: pc.green,
  violation: pc.red,
  invalid: pc.magenta,
  inconclusive: pc.yellow,
  budget: pc.yellow,
  unsupported: pc.cyan,
};

/** The end of a run on a terminal: a line a scenario, then every reason and finding, then where to read on. */
export function verdictTable({ verdict, scenarios }: RunVerdict, directory: string): string {
  const width = Math.max(...scenarios.map(({ scenario }) => scenario.length));
  const lines = ['', ...scenarios.flatMap((each) => scenarioLines(each, width)), ''];
  const counts = [...new Set(scenarios.map((each) => each.verdict))].map(
    (kind) => `${scenarios.filter((each) => each.verdict === kind).length} ${kind}`,
  );
  lines.push(`${paint[verdict](pc.bold(verdict.toUpperCase()))}  ${counts.join(', ')}`);
  lines.push(`report ${join(directory, 'report.html')}`);
  return lines.join('\n');
}

function scenarioLines(
  { scenario, verdict, reasons, rules, untested = [] }: RunVerdict['scenarios'][number],
  width: number,
): string[] {
  const seen = rules.find(({ rule }) => rule === 'durability')?.seen ?? '';
  const lines = [`${paint[verdict](verdict.padEnd(12))} ${scenario.padEnd(width)}  ${pc.dim(seen)}`];
  for (const each of untested) lines.push(pc.dim(`    not tested: ${each}`));
  if (verdict === 'pass') return lines;
  // A rule's reasons are its findings, which follow.
  const other = reasons.filter((reason) => !rules.some(({ rule }) => reason.startsWith(`${rule}: `)));
  for (const reason of other) lines.push(`    ${reason}`);
  for (const { rule, findings, reason } of rules.filter((each) => each.verdict !== 'unsupported')) {
    if (reason) lines.push(`    ${rule}: ${reason}`);
    for (const { title, words } of findings.slice(0, 3))
      lines.push(`    ${pc.bold(title)}`, `      ${words}`);
    if (findings.length > 3) lines.push(`    ${rule}: ${findings.length - 3} more`);
  }
  return lines;
}
