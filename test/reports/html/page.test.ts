import { Script } from 'node:vm';
import { beforeAll, describe, expect, test } from 'vitest';
import { readAssets } from '../../../reports/html/assets.ts';
import { script } from '../../../reports/html/client.ts';
import { renderHtml } from '../../../reports/html/page.ts';
import type { RunReport } from '../../../reports/report.ts';
import { reportOfScenarios, sampleReport } from '../sample-report.ts';
import { leaderKill } from '../sample-run.ts';

const guarantees = new Map([['durability', { quote: 'it will persist', source: 'Programmer’s Guide' }]]);
let report: RunReport;
let page: string;
beforeAll(() => {
  report = sampleReport();
  page = renderHtml(report, guarantees, readAssets());
});

/** The page without the chart library and scripts: what a reader sees. */
const body = (html: string) => html.replace(/<(script|style)[\s\S]*?<\/\1>/g, '');

describe('the page', () => {
  test('asks for nothing outside itself, and forbids it', () => {
    const policy = /<meta http-equiv="Content-Security-Policy" content="default-src 'none'/;
    expect(page).toMatch(policy);
    expect(body(page).match(/<(link|img|iframe|object|embed)\b|\bsrc=|url\(/g)).toBeNull();
  });

  test('has one h1, and no heading skips a level', () => {
    const levels = [...body(page).matchAll(/<h([1-6])/g)].map((match) => Number(match[1]));
    expect(levels.filter((level) => level === 1)).toEqual([1]);
    for (const [i, level] of levels.entries()) expect(level - (levels[i - 1] ?? 0)).toBeLessThanOrEqual(1);
  });

  test('has every id once and a target for every link into itself', () => {
    const ids = [...body(page).matchAll(/ id="([^"]*)"/g)].map((match) => match[1]!);
    expect(new Set(ids).size).toBe(ids.length);
    const targets = [
      ...body(page).matchAll(/href="#([^"]*)"/g),
      ...body(page).matchAll(/labelledby="([^"]*)"/g),
    ];
    expect(targets.map((match) => match[1]!).filter((target) => !ids.includes(target))).toEqual([]);
  });

  test('opens and closes its elements in order', () => {
    expect(unclosed(body(page))).toEqual([]);
    expect(unclosed('<p><b></p>')).not.toEqual([]);
  });

  test('carries scripts that parse', () => {
    expect(() => new Script(script)).not.toThrow();
    expect(() => new Script(readAssets().chartScript)).not.toThrow();
    expect(() => new Script('(() => {')).toThrow();
  });

  test('shows verdicts as words with signs', () => {
    expect(page).toContain('<span aria-hidden="true">✘</span> violation');
    expect(page).toContain('<span aria-hidden="true">–</span> unsupported');
  });

  test('opens what went wrong and leaves the rest closed', () => {
    const open = [...page.matchAll(/<details class="scenario" id="s-([^"]*)" open>/g)].map(
      (match) => match[1],
    );
    expect(open).toEqual(['minority-with-leader', 'even-voters']);
  });

  test('quotes the promise behind a rule, and does without when the catalogue has none', () => {
    expect(page).toContain('<q>it will persist</q> <cite>Programmer’s Guide</cite>');
    expect(renderHtml(report, new Map(), readAssets())).not.toContain('<q>');
  });
});

describe('a scenario', () => {
  test('tells a finding in words, with its operations and a way to the timeline', () => {
    expect(page).toContain('After the heal zk4 says that there is no such node');
    expect(page).toMatch(/<code>getData \/r\/\d+<\/code><\/td><td><code>refused: NoNode/);
    expect(page).toMatch(/<a class="moment" href="#s-minority-with-leader-timeline" data-from="7\.\d+"/);
  });

  test('has lanes for servers, epochs, faults and times without writes', () => {
    const lanes = [...page.matchAll(/<ol class="track" aria-label="([^"]*)"/g)].map((match) => match[1]);
    expect(lanes.slice(0, 7)).toEqual([
      'Faults',
      'Findings',
      'Leaders by epoch',
      'zk1, voter, roles from server log',
      'zk2, voter, roles from server log',
      'zk3, voter, roles from server log',
      'No write acknowledged for more than 200 ms',
    ]);
    expect(page).toContain('zk6, observer, roles from samples');
    expect(page).toContain('<span>epoch 2: zk2</span>');
    expect(page).toContain('<span>kill zk3 (leader)</span>');
  });

  test('shows elections, durability and the journal', () => {
    expect(page).toContain('110 ms after kill on zk3 (leader): its process ended');
    expect(page).toContain('<strong class="bad">✘ 1</strong>');
    expect(page).toContain('kill landed on zk3: process 103 is gone; port 2181 refuses');
  });

  test('that never got far says "not recorded" and names the files', () => {
    expect(page).toContain('Not recorded: plan.json, roles.ndjson, ledger.json, history.arrows');
  });

  test('carries buckets, not operations: ten times the operations, nearly the same page', () => {
    const sizeOf = (ops: number) =>
      renderHtml(reportOfScenarios([leaderKill(ops)]), guarantees, readAssets()).length;
    expect(sizeOf(10_000)).toBeLessThan(sizeOf(1_000) * 1.2);
  });
});

test('names and texts of a run never become markup', () => {
  const evil = '</script><img src=x onerror=alert(1)>"\'&';
  const [scenario] = report.scenarios;
  const poisoned: RunReport = {
    ...report,
    meta: { ...report.meta, suite: evil, command: evil },
    scenarios: [
      {
        ...scenario!,
        name: evil,
        slug: evil,
        judged: { scenario: evil, verdict: 'violation', reasons: [evil], rules: [] },
        faults: scenario!.faults.map((fault) => ({ ...fault, fault: evil, notes: [evil] })),
        findings: scenario!.findings.map((detail) => ({
          ...detail,
          finding: { ...detail.finding, title: evil, words: evil },
        })),
        journal: [{ atNs: 0, kind: 'note', text: evil }],
        files: [{ path: `a/${evil}`, bytes: 1 }],
      },
    ],
  };
  const html = renderHtml(poisoned, guarantees, readAssets());
  expect(html).not.toContain('<img');
  expect(unclosed(body(html))).toEqual([]);
  const scripts = html.match(/<\/script>/g);
  expect(scripts).toHaveLength(page.match(/<\/script>/g)!.length - 2);
});

const voids = new Set(['meta', 'br', 'hr']);

/** Elements that are not closed where they should be. */
function unclosed(html: string): string[] {
  const wrong: string[] = [];
  const open: string[] = [];
  for (const [, slash, name] of html.matchAll(/<(\/?)([a-z][a-z0-9]*)(?:\s[^<>]*)?>/g)) {
    if (voids.has(name!)) continue;
    if (slash === '') open.push(name!);
    else if (open.pop() !== name) wrong.push(name!);
  }
  return [...wrong, ...open];
}
