import { expect, test } from 'vitest';
import { WaitedInVain, waitFor } from '../../harness/base/wait.ts';

const soon = { what: 'a sign', deadlineMs: 2000, everyMs: 1 };

test('the first thing that is not undefined is what was waited for', async () => {
  let tries = 0;
  expect(await waitFor(soon, () => (++tries < 3 ? undefined : tries))).toBe(3);
  expect(await waitFor(soon, () => false)).toBe(false);
});

test('an attempt that throws is tried again', async () => {
  let tries = 0;
  const value = await waitFor(soon, () => {
    if (++tries < 3) throw new Error('not yet');
    return 'there';
  });
  expect(value).toBe('there');
});

test('waiting in vain says what for, how long, and what the last try met', async () => {
  const wait = { what: 'a leader', deadlineMs: 20, everyMs: 1 };
  await expect(waitFor(wait, () => undefined)).rejects.toThrow('waited 20 ms for a leader');
  const failing = waitFor(wait, () => {
    throw new Error('connection refused');
  });
  await expect(failing).rejects.toThrow('(last try: connection refused)');
  await expect(failing).rejects.toBeInstanceOf(WaitedInVain);
});

test('a mistake of ours is not waited out', async () => {
  const broken = waitFor({ ...soon, deadlineMs: 60_000 }, () => {
    throw new TypeError('x is not a function');
  });
  await expect(broken).rejects.toBeInstanceOf(TypeError);
});

test('an abort ends the wait at once', async () => {
  const stop = new AbortController();
  const waiting = waitFor({ ...soon, deadlineMs: 60_000, signal: stop.signal }, () => undefined);
  stop.abort(new Error('interrupted'));
  await expect(waiting).rejects.toThrow('interrupted');
});
