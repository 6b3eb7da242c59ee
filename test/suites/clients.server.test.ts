import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import type { RunVerdict } from '../../harness/rule/verdict.ts';
import { gauntlet, machineLacks } from '../support/gauntlet.ts';

const out = mkdtempSync(join(tmpdir(), 'gauntlet-clients-'));
afterAll(() => rmSync(out, { recursive: true, force: true }));

const evil = (name: string) => fileURLToPath(new URL(`../client/foreign/evil/${name}.ts`, import.meta.url));

/** A healthy ensemble under a client of its own; what the run said. */
async function runWith(
  client: string,
  rules?: readonly string[],
): Promise<{ code: number | null; output: string; verdict: RunVerdict }> {
  const name = client.replace(/\W+/g, '-');
  const file = join(out, `${name}.yaml`);
  writeFileSync(
    file,
    [
      `name: a healthy ensemble`,
      `workload: { use: mixed, client: ${JSON.stringify(client)}, clients: 2, turnsPerSecond: 30 }`,
      `warmUpMs: 4000`,
      `powerOff: false`,
      ...(rules ? [`rules: ${JSON.stringify(rules)}`] : []),
    ].join('\n'),
  );
  const run = join(out, name);
  const { code, output } = await gauntlet(['run', file, '--backend', 'sandbox', '--seed', '1', '--out', run]);
  const verdict = JSON.parse(readFileSync(join(run, 'verdict.json'), 'utf8')) as RunVerdict;
  return { code, output, verdict };
}

/** Sessions that end after a few calls leave the others too little to look at. */
const ofEvil = [
  ...['linearizable-writes', 'session-order', 'durability', 'replicas-identical', 'sessions'],
  ...['client-answers', 'client-order', 'client-sessions'],
];
const blame = "this is the client's doing: the servers did nothing wrong";

describe.skipIf(machineLacks)(
  `clients under test on real servers${machineLacks ? ` (unsupported: ${machineLacks})` : ''}`,
  () => {
    test.each(['zookeeper', 'node-zookeeper-client'])(
      '%s on a healthy ensemble passes',
      {
        timeout: 180_000,
      },
      async (client) => {
        const { code, output, verdict } = await runWith(client);
        expect(code, output).toBe(0);
        const { rules } = verdict.scenarios[0]!;
        for (const { rule, relevant, verdict } of rules) {
          if (verdict === 'pass') expect(relevant, rule).toBeGreaterThan(0);
        }
        const unjudged = rules.filter(({ verdict }) => verdict === 'unsupported').map(({ rule }) => rule);
        expect(unjudged).toEqual(['sync-reads', 'staleness', 'watches']);
      },
    );

    test.each([
      [
        'drop',
        /^client-answers: the client evil \(drop\) 1.1.3 lost a callback: \w+ of .* was never answered/,
      ],
      ['swap', /^client-order: the client evil \(swap\) 1.1.3 called back out of turn/],
      ['twice', /^client-answers: the client evil \(twice\) 1.1.3 called back twice for one call/],
      ['false-end', /^client-sessions: .* reported the end of session \d+ \(expired\), which did not happen/],
      ['crash', /^client-sessions: the client evil \(crash\) 1.1.3 crashed its process/],
    ])(
      'a client that does "%s" is red, and the servers are not',
      { timeout: 180_000 },
      async (deed, words) => {
        const { code, output, verdict } = await runWith(evil(deed), ofEvil);
        expect(code, output).toBe(1);
        expect(verdict.scenarios[0]!.reasons).toEqual([expect.stringMatching(words), blame]);
      },
    );

    test('a client that cannot be loaded is unsupported, with its reason', async () => {
      const broken = join(out, 'broken.ts');
      writeFileSync(broken, "import 'no-such-package';\n");
      const { code, output, verdict } = await runWith(broken);
      expect(code, output).toBe(3);
      expect(verdict.scenarios[0]).toMatchObject({
        verdict: 'unsupported',
        reasons: [expect.stringMatching(/Cannot find module 'no-such-package'.*; correct the module$/)],
      });
    });

    test('a client that nobody knows is refused before anything starts', async () => {
      const file = join(out, 'unknown.yaml');
      writeFileSync(file, 'name: x\nworkload: { client: zoo }\n');
      const { code, output } = await gauntlet(['run', file, '--backend', 'sandbox']);
      expect(code).toBe(2);
      expect(output).toMatch(/workload\.client "zoo": no such client, and no such file; use wire, zookeeper/);
    });
  },
);
