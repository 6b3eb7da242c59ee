import { expect, test } from 'vitest';
import { describeReason } from '../../harness/client/close-reason.ts';

test('a reason ends a sentence, with its figures', () => {
  expect(describeReason({ kind: 'silent', silentMs: 4001 })).toBe('the server sent nothing for 4001 ms');
  expect(describeReason({ kind: 'oversized', bytes: -1, maxBytes: 9 })).toBe(
    'the server announced a frame of -1 bytes, the limit is 9',
  );
  expect(describeReason({ kind: 'refused', detail: 'ECONNREFUSED' })).toBe('no connection (ECONNREFUSED)');
  expect(describeReason({ kind: 'malformed', detail: 'an int with 3 bytes left' })).toBe(
    'the server sent an int with 3 bytes left',
  );
});
