import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readCoverage, withNight } from '../../harness/nightly/coverage-file.ts';

const dir = mkdtempSync(join(tmpdir(), 'gauntlet-coverage-'));
afterAll(() => rmSync(dir, { recursive: true }));
const cell = {
  ...{ fault: 'kill', role: 'leader', version: '3.9.5', workload: 'mixed', times: 1 },
  phase: 'broadcast' as const,
};

function written(text: string): string {
  const path = join(dir, 'coverage.json');
  writeFileSync(path, text);
  return path;
}

describe('the file of all nights', () => {
  test('is empty where there is none yet', () => {
    expect(readCoverage(join(dir, 'none.json'))).toEqual({ format: 1, nights: [], cells: [] });
  });

  test('takes each night once', () => {
    const empty = readCoverage(join(dir, 'none.json'));
    const once = withNight(empty, '2026-11-21T02:17:00.000Z', [cell]);
    expect(withNight(once, '2026-11-21T02:17:00.000Z', [cell])).toEqual(once);
    const twice = withNight(once, '2026-11-22T02:17:00.000Z', [cell]);
    expect(twice).toMatchObject({ cells: [{ times: 2 }] });
    expect(readCoverage(written(JSON.stringify(twice)))).toEqual(twice);
  });

  test.each([
    ['cut off', '{"format": 1, "nights": [', /coverage\.json: not a coverage file \(/],
    ['another format', '{"format": 2, "nights": [], "cells": []}', /coverage\.json: .*\(format: /],
    [
      'a count below one',
      JSON.stringify({ format: 1, nights: [], cells: [{ ...cell, times: 0 }] }),
      /cells\[0\]\.times/,
    ],
  ])('%s is an error that names it', (_, text, message) => {
    expect(() => readCoverage(written(text))).toThrow(message);
  });
});
