import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { gauntlet, machineLacks } from '../support/gauntlet.ts';

const out = mkdtempSync(join(tmpdir(), 'gauntlet-test-'));
afterAll(() => rmSync(out, { recursive: true, force: true }));

/** Runs that must not be green although no rule finds a breach: nothing was proven. */
const hollow: { what: string; reason: RegExp; scenario: object }[] = [
  {
    what: 'a fault that did not land',
    reason: /kill did not land.*already|kill.*was gone already/,
    scenario: {
      name: 'killed twice',
      powerOff: false,
      steps: [
        {
          faults: [
            { fault: 'kill', target: [1] },
            { fault: 'kill', target: [1] },
          ],
          forMs: 200,
        },
      ],
    },
  },
  {
    what: 'no operation at all',
    reason: /no (operation|op|acknowledged write)|saw nothing|nothing/i,
    scenario: { name: 'idle clients', workload: { use: 'idle' }, powerOff: false, steps: [] },
  },
  {
    what: 'an ensemble that never formed',
    reason: /ended by itself \(exit code 1\)/,
    scenario: {
      name: 'two of three cannot start',
      topology: { nodes: { 2: { jvmFlags: ['-XX:NoSuchFlag'] }, 3: { jvmFlags: ['-XX:NoSuchFlag'] } } },
    },
  },
];

describe.skipIf(machineLacks)('a run that proves nothing ends with 3', () => {
  test.each(hollow)('$what', { timeout: 120_000 }, async ({ what, scenario, reason }) => {
    const file = join(out, `${what.replaceAll(' ', '-')}.yaml`);
    writeFileSync(file, JSON.stringify(scenario));
    const { code, output } = await gauntlet([
      'run',
      file,
      '--backend',
      'sandbox',
      '--out',
      file.replace('.yaml', ''),
    ]);
    expect(code, output).toBe(3);
    expect(output).toMatch(reason);
    expect(output).toMatch(/INVALID/);
  });
});
