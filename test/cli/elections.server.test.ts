import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { CauseStatistics } from '../../reports/election-times.ts';
import { gauntlet, machineLacks } from '../support/gauntlet.ts';

const out = mkdtempSync(join(tmpdir(), 'gauntlet-test-'));
afterAll(() => rmSync(out, { recursive: true, force: true }));

describe.skipIf(machineLacks)(
  `on real servers${machineLacks ? ` (unsupported: ${machineLacks})` : ''}`,
  () => {
    test('elections are measured, none below its floor, and plotted', { timeout: 180_000 }, async () => {
      const run = join(out, 'elections');
      const words = [
        '--cause',
        'kill-leader',
        '--times',
        '2',
        '--backend',
        'sandbox',
        '--out',
        run,
        '--json',
      ];
      const { code, output, stdout } = await gauntlet(['elections', ...words]);
      expect(code, output).toBe(0);
      const { elections } = JSON.parse(stdout) as { elections: CauseStatistics[] };
      const [{ cause, asked, elections: measured, floors } = {} as CauseStatistics] = elections;
      expect({ cause, asked, measured: measured.length }).toEqual({
        cause: 'kill-leader',
        asked: 2,
        measured: 2,
      });
      for (const { totalMs, electedMs } of measured) {
        // Logs and the origin have whole milliseconds.
        expect(electedMs).toBeGreaterThan(floors.votingMs - 2);
        expect(totalMs).toBeGreaterThan(0);
      }
      expect(readFileSync(join(run, 'elections.html'), 'utf8')).toContain('kill-leader: 2 of 2 elections');
    });
  },
);
