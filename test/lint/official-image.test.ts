import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { isOfficial, releaseOf, settingsOf } from '../../harness/lint/official-image.ts';
import { readProperties } from '../../harness/lint/properties.ts';
import { runEntryPoint } from './entry-point.ts';

const folder = mkdtempSync(join(tmpdir(), 'gauntlet-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

const place = { file: 'compose.yml', line: 1 };

describe('what is expected of the official image', () => {
  test.each(['3.4.14', '3.9.5'])('is what its entry point writes, %s', (release) => {
    const word = fc.constantFrom(
      '',
      '1',
      'yes',
      'server.1=zoo1:2888:3888',
      '"server.1=a:1:2',
      'a:1:2',
      'ruok,srvr',
    );
    const names = fc.constantFrom(
      'ZOO_TICK_TIME',
      'ZOO_SERVERS',
      'ZOO_CFG_EXTRA',
      'ZOO_4LW_COMMANDS_WHITELIST',
    );
    const values = fc.array(word, { maxLength: 3 }).map((words) => words.join(' '));
    fc.assert(
      fc.property(fc.dictionary(names, values), (variables) => {
        const { cfg } = runEntryPoint(join(folder, release), { ...variables }, { release });
        const given = new Map(
          Object.entries(variables).map(([name, value]) => {
            const words = value
              .split(/\s+/)
              .filter((text) => text !== '')
              .map((text) => ({ text, place }));
            return [name, { name, value, place, words }];
          }),
        );
        const expected = settingsOf(given, { release, place, open: false });
        const pairs = (settings: readonly { key: string; value: string | null }[]) =>
          settings
            .filter(({ key }) => !key.startsWith('data'))
            .map(({ key, value }) => `${key}=${value?.trim()}`)
            .sort();
        expect(pairs(expected)).toEqual(pairs(readProperties(cfg)));
      }),
      { numRuns: 25 },
    );
  });

  test('writes no server where their variable is blank but not empty', () => {
    const name = 'ZOO_SERVERS';
    const blank = new Map([[name, { name, value: ' ', place, words: [] }]]);
    const written = settingsOf(blank, { release: '3.9.5', place, open: false });
    expect(written.filter(({ key }) => key.startsWith('server.'))).toEqual([]);
    expect(runEntryPoint(join(folder, 'blank'), { ZOO_SERVERS: ' ' }).cfg).not.toContain('server.');
  });

  test('writes the id of the variable, or 1', () => {
    expect(runEntryPoint(join(folder, 'id'), { ZOO_MY_ID: 'zk-0' }).myid).toBe('zk-0\n');
    expect(runEntryPoint(join(folder, 'id'), {}).myid).toBe('1\n');
    expect(runEntryPoint(join(folder, 'id'), { ZOO_MY_ID: '' }).myid).toBe('1\n');
  });

  test.each([
    ['zookeeper', true],
    ['zookeeper:3.9.5-jre-17', true],
    ['docker.io/library/zookeeper:3.8', true],
    ['registry.example.com:5000/mirror/zookeeper:3.9@sha256:abc', true],
    ['bitnami/zookeeper:3.9', false],
    ['confluentinc/cp-zookeeper:7.6.0', false],
    ['zookeeper-exporter:1', false],
  ])('%s: %s', (image, official) => {
    expect(isOfficial(image)).toBe(official);
  });

  test('its release is in the tag', () => {
    expect(releaseOf('zookeeper:3.4.14', '3.9.5')).toBe('3.4.14');
    expect(releaseOf('zookeeper:3.8.6-jre-17', '3.9.5')).toBe('3.8.6');
    expect(releaseOf('zookeeper:3.4', '3.9.5')).toBe('3.4.99');
    expect(releaseOf('zookeeper:latest', '3.9.5')).toBe('3.9.5');
    expect(releaseOf('localhost:5000/zookeeper', '3.9.5')).toBe('3.9.5');
  });
});
