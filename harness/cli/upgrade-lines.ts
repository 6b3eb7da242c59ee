import { surprising } from '../../reports/upgrade/differences.ts';
import type { UpgradeReport } from '../../reports/upgrade/upgrade-report.ts';
import { differing, meaningOf, reasonLists } from '../../reports/upgrade/words.ts';
import { colours as pc } from './colours.ts';

const paint = { go: pc.green, 'no-go': pc.red, invalid: pc.magenta };

/** What a terminal shows of an upgrade: reasons, what differs, and the answer last. */
export function upgradeLines(report: UpgradeReport): string[] {
  const { asked, decision, differential, figures } = report;
  const lists = reasonLists(decision, asked).flatMap(({ title, reasons }) => [
    '',
    pc.bold(title),
    ...reasons.map(({ text, scenario }) => `  ${text}${scenario ? pc.dim(` (${scenario})`) : ''}`),
  ]);
  const times = differing(figures, asked);
  const odd = differential ? surprising(differential) : [];
  return [
    ...lists,
    '',
    differential
      ? `${differential.compared} calls compared: ${differential.differences.length} answered differently, ${odd.length} of them surprising`
      : 'answers were not compared',
    ...odd.map(({ call, before, after }) => `  ${call}: ${before} on ${asked.from}, ${after} on ${asked.to}`),
    times.length === 0
      ? 'no time differs beyond the noise of repeated tries'
      : 'times that differ beyond the noise:',
    ...times.map((each) => `  ${each}`),
    ...asked.knownBugs.map(({ id, breaks }) => `known bug of ${asked.to}: ${id}, ${breaks}`),
    '',
    `${paint[decision.answer](pc.bold(decision.answer.toUpperCase()))}  ${meaningOf(report)}`,
  ];
}
