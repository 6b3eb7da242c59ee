import { clip, duration } from '../format.ts';
import { signs } from '../signs.ts';
import { text } from '../summary.ts';
import type { UpgradeReport } from './upgrade-report.ts';
import { answerSigns, differing, meaningOf, reasonLists } from './words.ts';

/** A CI job summary shows a screen or two. */
const mostReasons = 12;

/** summary.md of an upgrade: the answer, why, every scenario with its verdict, and what differs. */
export function renderUpgradeSummary(report: UpgradeReport): string {
  const { asked, decision, run, scenarios, differential, figures } = report;
  const { from, to } = asked;
  const took = run.durationMs === undefined ? 'never ended' : duration(run.durationMs);
  const differences = differential?.differences ?? [];
  const parts = [
    `## ${answerSigns[decision.answer]} ZooKeeper ${from} to ${to}: ${decision.answer}`,
    meaningOf(report),
    `Seed ${run.meta.seed} · ${run.meta.backend}${asked.kafka === undefined ? '' : ` · Kafka ${asked.kafka} on top`} · ${took}`,
    ...reasonLists(decision, asked).map(
      ({ title, reasons }) =>
        `### ${text(title)}\n\n${reasons
          .slice(0, mostReasons)
          .map(
            ({ text: words, scenario }) =>
              `- ${text(clip(words, 400))}${scenario ? ` _(${text(scenario)})_` : ''}`,
          )
          .join('\n')}`,
    ),
    [
      '| scenario | verdict | counts |',
      '| --- | --- | --- |',
      ...scenarios.map(
        ({ report: { name, judged }, concern }) =>
          `| ${text(name)} | ${signs[judged.verdict]} ${judged.verdict} | ${concern === 'way' ? 'yes' : 'no'} |`,
      ),
    ].join('\n'),
    list('Times that differ beyond the noise', differing(figures, asked)),
    list(
      'Answers that differ',
      differences.map(
        ({ call, before, after, documented }) =>
          `${call}: ${before} on ${from}, ${after} on ${to} (${documented ? `documented: ${documented.source}` : 'surprising'})`,
      ),
    ),
    list(
      `Known bugs of ${to}`,
      asked.knownBugs.map(({ id, breaks }) => `${id}: ${breaks}`),
    ),
    'Open `upgrade.html` in the run directory; every finding in full is in `report.html` beside it.',
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

const list = (title: string, lines: readonly string[]) =>
  lines.length === 0
    ? ''
    : `### ${text(title)}\n\n${lines.map((line) => `- ${text(clip(line, 400))}`).join('\n')}`;
