import { opInWords } from '../../reports/words.ts';
import { wallOfNs } from '../base/clock.ts';
import type { History } from '../history/history.ts';
import { ruleNamed } from '../rule/catalogue.ts';
import type { Finding, ScenarioVerdict } from '../rule/verdict.ts';
import { seconds } from '../rule/words.ts';
import type { ScenarioRecord } from '../run/run-directory.ts';
import { nodeName } from '../topology/topology.ts';
import { colours as pc } from './colours.ts';

/** Operations shown of one finding; the report has them all. */
const mostOps = 16;

/** Every finding of a scenario in full: the promise it breaks, what happened and when, and the operations that show it. */
export function explained(judged: ScenarioVerdict, record: ScenarioRecord): string {
  const findings = judged.rules.flatMap(({ findings }) => findings);
  if (findings.length === 0) return '';
  const history = record.history();
  const { origin } = record.scenario();
  return findings
    .map((finding) => {
      const { quote, source } = ruleNamed(finding.rule).guarantee;
      return [
        '',
        pc.bold(finding.title),
        `  ${finding.words}`,
        `  At ${wallOfNs(origin, finding.atNs).toISOString()}, ${seconds(finding.atNs)} after the beginning of "${judged.scenario}".`,
        `  Rule ${finding.rule}: ${quote} (${source})`,
        ...operations(finding, history),
      ].join('\n');
    })
    .join('\n');
}

function operations({ core, ops }: Finding, history: History): string[] {
  const named = new Set(ops);
  const rows = core?.ops ?? ops;
  if (rows.length === 0) return [];
  const inTime = [...rows].sort((a, b) => history.invokedNs[a]! - history.invokedNs[b]!);
  const shown = inTime.length <= mostOps ? inTime : mostTelling(inTime, named);
  const left = inTime.length - shown.length;
  const head = core
    ? `The least of the ${core.of} operations that still shows it is ${core.ops.length}, judged again:`
    : 'The operations:';
  return [
    `  ${head}`,
    ...shown.map((row) => `  ${named.has(row) ? '>' : ' '} ${told(history, row)}`),
    ...(left > 0 ? [`    and ${left} more in report.html`] : []),
  ];
}

/** Those the finding names, then the last before the end. */
function mostTelling(rows: readonly number[], named: ReadonlySet<number>): number[] {
  const rest = rows.filter((row) => !named.has(row)).slice(-(mostOps - Math.min(mostOps, named.size)));
  return rows.filter((row) => named.has(row) || rest.includes(row));
}

function told(history: History, row: number): string {
  const op = history.op(row);
  const { request, answer } = opInWords(op);
  const on = op.server === 0 ? '' : ` on ${nodeName(op.server)}`;
  const zxid = op.zxid === 0 ? '' : ` at 0x${op.zxid.toString(16)}`;
  return `${seconds(op.invokedNs)} session ${op.session}${on}: ${request} -> ${answer}${zxid}`;
}
