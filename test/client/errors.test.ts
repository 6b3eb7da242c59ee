import { expect, test } from 'vitest';
import { errorName, errors, meaningOf, outcomeOf } from '../../harness/client/errors.ts';

test('every code has one name, and the table is whole', () => {
  const codes = Object.values(errors).map(({ code }) => code);
  expect(new Set(codes).size).toBe(codes.length);
  for (const [name, { code, means }] of Object.entries(errors)) {
    expect(errorName(code)).toBe(name);
    expect(meaningOf(code)).toBe(means);
  }
});

test('only a refusal is a definite failure', () => {
  expect(outcomeOf(0)).toBe('ok');
  expect(outcomeOf(errors.NODEEXISTS.code)).toBe('fail');
  expect(outcomeOf(errors.SESSIONMOVED.code)).toBe('fail');
  expect(outcomeOf(errors.SESSIONEXPIRED.code)).toBe('fail');
  expect(outcomeOf(errors.CONNECTIONLOSS.code)).toBe('unknown');
  expect(outcomeOf(errors.OPERATIONTIMEOUT.code)).toBe('unknown');
});

test('a code nobody knows proves nothing', () => {
  expect(outcomeOf(-999)).toBe('unknown');
  expect(errorName(-999)).toBe('error -999');
});
