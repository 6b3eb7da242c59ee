import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Verdict } from '../../harness/rule/verdict.ts';
import { openRun } from '../../harness/run/run-directory.ts';
import { renderJunit } from '../../reports/junit.ts';
import type { RunReport, ScenarioReport } from '../../reports/report.ts';
import { xmlText } from '../../reports/xml-text.ts';
import { all, parseJunit, type XmlNode } from './junit-schema.ts';
import { sampleReport } from './sample-report.ts';

let report: RunReport;
let root: XmlNode;
beforeAll(() => {
  report = sampleReport();
  root = parseJunit(renderJunit(report)).root;
});

const caseNamed = (name: string, classname?: string) =>
  all(root, 'testcase').find(
    ({ attributes }) =>
      attributes.name === name && (classname === undefined || attributes.classname === classname),
  )!;
const outcomeOf = (node: XmlNode) =>
  node.children.map(({ name }) => name).filter((name) => name !== 'system-out');

describe('the document', () => {
  test('keeps to the schema that Jenkins checks', () => {
    expect(parseJunit(renderJunit(report)).breaches).toEqual([]);
  });

  test('would be refused with an attribute or a child that the schema does not know', () => {
    const xml = renderJunit(report);
    expect(parseJunit(xml.replace('classname=', 'colour=')).breaches).toContainEqual(
      expect.stringContaining('attribute colour'),
    );
    expect(parseJunit(xml.replaceAll('failure', 'flop')).breaches).toContainEqual(
      expect.stringContaining('child flop'),
    );
    expect(parseJunit(xml.replace('time="24.000"', 'time="soon"')).breaches).toContainEqual(
      expect.stringContaining('time soon'),
    );
  });

  test('counts what it holds', () => {
    const suite = all(root, 'testsuite')[0]!;
    const { tests, failures, errors, skipped } = suite.attributes;
    expect({ tests, failures, errors, skipped }).toEqual({
      tests: '10',
      failures: '2',
      errors: '1',
      skipped: '1',
    });
    expect(all(suite, 'testcase')).toHaveLength(10);
  });

  test('names seed, versions, backend, leader changes and run directory', () => {
    const properties = Object.fromEntries(
      all(root, 'property').map(({ attributes }) => [attributes.name, attributes.value]),
    );
    expect(properties).toMatchObject({
      seed: '7',
      zookeeper: '3.9.5',
      backend: 'sandbox',
      'leader changes': '2',
      'run directory': report.dir,
    });
  });

  test('tells how to run the same plan and to judge again', () => {
    const out = all(root, 'testsuite')[0]!.children.find(({ name }) => name === 'system-out')!;
    expect(out.text).toContain(report.meta.command);
    expect(out.text).toContain(`gauntlet check ${report.dir}`);
  });
});

describe('a case', () => {
  test('fails for a violation, with the words of the finding', () => {
    const failure = caseNamed('minority with the leader <cut off> & healed').children.find(
      ({ name }) => name === 'failure',
    )!;
    expect(failure.text).toContain('After the heal zk4 says that there is no such node');
    expect(failure.attributes.message).toContain('is gone on zk4');
  });

  test('of a rule stands under its scenario', () => {
    expect(outcomeOf(caseNamed('durability', 'gauntlet.nightly.minority-with-leader'))).toEqual(['failure']);
    expect(outcomeOf(caseNamed('durability', 'gauntlet.nightly.leader-killed-then-isolated'))).toEqual([]);
  });

  test('is an error when the run proves nothing, skipped when unsupported', () => {
    expect(outcomeOf(caseNamed('even number of voters'))).toEqual(['error']);
    expect(outcomeOf(caseNamed('slow links'))).toEqual(['skipped']);
  });

  test('with a documented gap passes and tells the gap', () => {
    const rule = caseNamed('sync-then-read');
    expect(outcomeOf(rule)).toEqual([]);
    expect(rule.children[0]!.text).toContain('documented gap: a read after sync');
  });

  test.each<[Verdict, string[]]>([
    ['pass', []],
    ['violation', ['failure']],
    ['invalid', ['error']],
    ['inconclusive', ['error']],
    ['unsupported', ['skipped']],
    ['budget', []],
  ])('of a scenario with verdict %s holds %j', (verdict, children) => {
    const judged = { scenario: 'x', verdict, reasons: ['why'], rules: [] };
    const xml = renderJunit({ ...report, scenarios: [{ ...report.scenarios[0]!, judged }] });
    expect(outcomeOf(all(parseJunit(xml).root, 'testcase')[0]!)).toEqual(children);
  });

  test('without a verdict is an error', () => {
    const unjudged = {
      ...report.scenarios[0]!,
      judged: { scenario: 'x', verdict: 'invalid', reasons: ['It was never judged.'], rules: [] },
    };
    const xml = renderJunit({ ...report, scenarios: [unjudged as ScenarioReport] });
    expect(outcomeOf(all(parseJunit(xml).root, 'testcase')[0]!)).toEqual(['error']);
  });
});

test('a run without scenarios is an error, not an empty green suite', () => {
  const { root: empty, breaches } = parseJunit(renderJunit({ ...report, scenarios: [] }));
  expect(breaches).toEqual([]);
  expect(all(empty, 'testcase').map(outcomeOf)).toEqual([['error']]);
});

test('a broken budget fails in a suite of its own and passes in the first', () => {
  const slow = {
    ...report.scenarios[0]!,
    judged: { scenario: 'slow', verdict: 'budget', reasons: ['election took 9 s'], rules: [] },
  };
  const { root: both, breaches } = parseJunit(
    renderJunit({ ...report, scenarios: [slow as ScenarioReport] }),
  );
  const [main, budgets] = all(both, 'testsuite');
  expect(breaches).toEqual([]);
  expect(main!.attributes).toMatchObject({ name: 'nightly', failures: '0' });
  expect(budgets!.attributes).toMatchObject({ name: 'nightly.budgets', failures: '1' });
});

describe('whatever the texts hold', () => {
  const anything = fc.string({ unit: 'binary', maxLength: 60 });

  test('the document is well-formed and keeps to the schema', () => {
    fc.assert(
      fc.property(anything, anything, anything, (name, reason, suite) => {
        const [scenario] = report.scenarios;
        const judged = { scenario: name, verdict: 'violation' as const, reasons: [reason], rules: [] };
        const damaged: RunReport = {
          ...report,
          meta: { ...report.meta, suite, command: name },
          scenarios: [{ ...scenario!, name, slug: reason, judged }],
        };
        expect(parseJunit(renderJunit(damaged)).breaches).toEqual([]);
      }),
    );
  });

  test('text comes back as it was, but for what XML forbids', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (reason) => {
        const judged = { scenario: 'x', verdict: 'violation' as const, reasons: [reason], rules: [] };
        const xml = renderJunit({ ...report, scenarios: [{ ...report.scenarios[0]!, judged }] });
        expect(all(parseJunit(xml).root, 'failure')[0]!.text).toBe(xmlText(reason));
      }),
    );
  });

  test('a control character becomes visible', () => {
    expect(xmlText('a\u0000b\u001b[0m\r\n\ud800')).toBe('a\\u{0}b\\u{1b}[0m\\u{d}\n\\u{d800}');
  });
});

test('a directory without run.json is told by its path', () => {
  expect(() => openRun('/nowhere')).toThrow('/nowhere/run.json: not recorded');
});
