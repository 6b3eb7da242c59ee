import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { scenarioFile } from '../../harness/replay/scenario-file.ts';
import { defineSuite } from '../../harness/scenario/define.ts';
import { loadSuite } from '../../harness/scenario/load.ts';

const out = mkdtempSync(join(tmpdir(), 'gauntlet-test-'));
afterAll(() => rmSync(out, { recursive: true, force: true }));

const [scenario] = defineSuite({
  name: 'test',
  scenarios: [
    {
      name: 'a leader dies',
      seed: 7,
      topology: { version: '3.9.3' },
      workload: { use: 'mixed', clients: 2 },
      begin: [1, 3],
      formation: [{ when: { seen: { leader: 3 } }, start: [2] }],
      steps: [
        {
          when: { acked: 3 },
          faults: [{ fault: 'kill', target: [3] }],
          until: { seen: { epoch: 'new' } },
          forMs: 0,
        },
        { heal: [], forMs: 500 },
      ],
    },
  ],
}).scenarios;

test('a scenario is written as a person would write it', () => {
  expect(scenarioFile(scenario!, ['durability: a write is lost', '', 'npx gauntlet run x.yaml'])).toBe(
    `# durability: a write is lost
#
# npx gauntlet run x.yaml
name: a leader dies
seed: 7
topology: { version: 3.9.3 }
workload: { clients: 2 }
begin: [ 1, 3 ]
formation:
  - { when: { seen: { leader: 3 } }, start: [ 2 ] }
steps:
  - when: { acked: 3 }
    faults: [ { fault: kill, target: [ 3 ] } ]
    until: { seen: { epoch: new } }
    forMs: 0
  - { heal: [], forMs: 500 }
`,
  );
});

test('and is read back as it was', async () => {
  const path = join(out, 'x.yaml');
  writeFileSync(path, scenarioFile(scenario!, ['a comment']));
  expect((await loadSuite(path)).scenarios).toEqual([scenario]);
});
