import type { Verdict } from '../../harness/rule/verdict.ts';
import { renderSuite, type TestCase } from '../junit.ts';
import { xmlText } from '../xml-text.ts';
import { surprising } from './differences.ts';
import type { UpgradeReport, UpgradeScenario } from './upgrade-report.ts';
import { meaningOf } from './words.ts';

/**
 * junit.xml of an upgrade: a case for the answer, one a scenario, one for the comparison of answers. Red is what speaks
 * against the upgrade; what the old release does alone passes, and its output says what it was.
 */
export function renderUpgradeJunit(report: UpgradeReport): string {
  const { asked, run, decision, scenarios } = report;
  const seconds = (run.durationMs ?? 0) / 1000;
  const cases = [
    answerCase(report),
    ...scenarios.map((each) => scenarioCase(each)),
    ...(asked.filter === undefined ? [answersCase(report)] : []),
  ];
  return renderSuite(`gauntlet upgrade ${asked.from} to ${asked.to}`, seconds, cases, {
    answer: decision.answer,
    from: asked.from,
    to: asked.to,
    seed: run.meta.seed,
    backend: run.meta.backend,
    'run directory': run.dir,
    command: run.meta.command,
  });
}

const className = 'gauntlet.upgrade';

function caseOf(name: string, seconds: number, more: Partial<TestCase>): TestCase {
  return { '@name': xmlText(name), '@classname': className, '@time': seconds.toFixed(3), ...more };
}

const body = (type: string, message: string, text: string) => ({
  '@type': xmlText(type),
  '@message': xmlText(message.replace(/\s+/g, ' ').trim()),
  '#': xmlText(text),
});

function answerCase(report: UpgradeReport): TestCase {
  const { answer, blocking, open, told } = report.decision;
  const lines = (reasons: typeof told) =>
    reasons.map(({ text, scenario }) => `${scenario ? `${scenario}: ` : ''}${text}`).join('\n');
  const meaning = meaningOf(report);
  const out = { 'system-out': xmlText([meaning, lines(told)].join('\n')) };
  if (answer === 'go') return caseOf('go or no-go', 0, out);
  const [kind, reasons] = answer === 'no-go' ? (['failure', blocking] as const) : (['error', open] as const);
  return caseOf('go or no-go', 0, { [kind]: body(answer, meaning, lines(reasons)), ...out });
}

/** How JUnit says a verdict that counts. */
const kinds: Record<Verdict, 'failure' | 'error' | undefined> = {
  violation: 'failure',
  invalid: 'error',
  inconclusive: 'error',
  unsupported: 'error',
  budget: undefined,
  pass: undefined,
};

function scenarioCase({ report, concern }: UpgradeScenario): TestCase {
  const { name, judged, endNs } = report;
  const findings = judged.rules
    .flatMap((rule) => rule.findings)
    .map(({ title, words }) => `${title}\n${words}`);
  const text = [...judged.reasons, ...findings].join('\n\n');
  const kind = concern === 'way' ? kinds[judged.verdict] : undefined;
  if (kind === undefined) {
    const said = judged.verdict === 'pass' ? 'pass' : `${judged.verdict}, not counted\n${text}`;
    return caseOf(name, endNs / 1e9, { 'system-out': xmlText(said) });
  }
  const message = judged.reasons[0] ?? `verdict ${judged.verdict}`;
  return caseOf(name, endNs / 1e9, { [kind]: body(judged.verdict, message, text) });
}

function answersCase({ differential }: UpgradeReport): TestCase {
  const name = 'both releases answer the same calls';
  if (!differential) {
    return caseOf(name, 0, {
      error: body('invalid', 'the answers could not be compared', 'the script did not get to its end'),
    });
  }
  const odd = new Set(surprising(differential));
  const lines = differential.differences.map(
    (each) =>
      `${odd.has(each) ? 'surprising' : `documented (${each.documented!.source})`}: ${each.call}: ${each.before} / ${each.after}`,
  );
  return caseOf(name, 0, { 'system-out': xmlText([`${differential.compared} calls`, ...lines].join('\n')) });
}
