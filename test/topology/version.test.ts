import { describe, expect, test } from 'vitest';
import { atLeast, checkVersion, compareVersions } from '../../harness/topology/version.ts';

describe('versions', () => {
  test('are compared as numbers, not as text', () => {
    expect(atLeast('3.4.14', '3.4.9')).toBe(true);
    expect(atLeast('3.4.9', '3.4.10')).toBe(false);
    expect(atLeast('3.10.0', '3.9.5')).toBe(true);
  });

  test('a beta has what came with its number', () => {
    expect(atLeast('3.5.3-beta', '3.5.3')).toBe(true);
  });

  test('sort from old to new, alpha and beta before the release', () => {
    const sorted = ['3.5.10', '3.5.4', '3.5.4-beta', '3.4.14', '3.5.4-alpha'].toSorted(compareVersions);
    expect(sorted).toEqual(['3.4.14', '3.5.4-alpha', '3.5.4-beta', '3.5.4', '3.5.10']);
  });

  test.each(['3.9', 'latest', '3.9.5.1', '', '../3.9.5', '3.9.5 '])('"%s" is refused', (version) => {
    expect(() => checkVersion(version, '--zookeeper')).toThrow('--zookeeper');
  });
});
