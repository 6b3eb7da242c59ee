import { expect, test } from 'vitest';
import { expectationInWords, expectationSchema } from '../../harness/plan/expectation.ts';

const words = (input: unknown) => expectationInWords(expectationSchema.parse(input));

test('an expectation reads as a sentence', () => {
  expect(words({ roles: { 1: 'electing', 3: ['leader', 'follower'] }, forMs: 1500 })).toBe(
    'zk1 is electing, zk3 is leader or follower for 1.5 s',
  );
  expect(words({ leader: 2 })).toBe('zk2 leads');
  expect(words({ leader: 'same' })).toBe('the same server leads as before');
  expect(words({ epoch: 'new' })).toBe('there is a new epoch');
  expect(words({ writes: 'none', forMs: 2000 })).toBe('no write is acknowledged for 2 s');
  expect(words({ log: 'TRUNC', sid: 3 })).toBe('zk3 logs /TRUNC/');
  expect(words({ exited: 3, log: 'myid' })).toBe('zk3 ends by itself after logging /myid/');
});

test.each([
  { roles: { one: 'leader' } },
  { roles: { 1: 'leadr' } },
  { log: '(' },
  { leader: 'highest' },
  { leader: 1, epoch: 'new' },
  { writes: 'none' },
])('%o is no expectation', (input) => {
  expect(expectationSchema.safeParse(input).success).toBe(false);
});
