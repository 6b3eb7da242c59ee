import { expect, test } from 'vitest';
import { createModes } from '../../harness/client/requests.ts';
import { zxidOf } from '../../harness/history/op.ts';
import { mortalNodes } from '../../harness/rule/mortal-nodes.ts';
import { evidenceFor, row } from './hand.ts';

const path = '/gauntlet/mortals/brief';
const ttlMs = 100;

/** A TTL node that is left alone for a while, written to again, and gone at once. */
function vanishedAfter(idleMs: number) {
  const ops = [
    row('connect', '', 0, { value: 'c1', result: '01' }),
    row('create', '/gauntlet', 1, { value: '' }),
    row('create', '/gauntlet/mortals', 2, { value: '' }),
    row('create', path, 3, { flags: createModes.persistentTtl, value: `${ttlMs}` }),
    // Operations of other nodes, a millisecond each, while nobody touches this one.
    ...Array.from({ length: idleMs }, () => row('exists', '/gauntlet', 0, { zxid: zxidOf(1, 3) })),
    row('setData', path, 4, { value: `${ttlMs}` }),
    row('exists', path, 0, { outcome: 'fail', error: -101, zxid: zxidOf(1, 5) }),
  ];
  return mortalNodes.judge(evidenceFor(ops));
}

test('a TTL node that was a candidate before somebody wrote to it again may go', () => {
  const { findings, seen } = vanishedAfter(ttlMs);
  expect(seen).toContain('1 of them vanished');
  expect(findings).toEqual([]);
});

test('a TTL node that was never left alone for its TTL may not go', () => {
  const [finding, ...others] = vanishedAfter(ttlMs / 4).findings;
  expect(others).toEqual([]);
  expect(finding?.title).toBe(
    `${path} vanished 0.002 s after the last write to it, and was never left alone for its TTL of ${ttlMs} ms`,
  );
});
