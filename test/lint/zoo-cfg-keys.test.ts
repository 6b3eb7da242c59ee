import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { booleanKeys, meantBy, numberKeys } from '../../harness/lint/zoo-cfg-keys.ts';

const keys = fc.constantFrom(...numberKeys, ...booleanKeys);

test('what servers know is never taken for something else', () => {
  const more = [
    'server.1',
    'group.1',
    'weight.1',
    'ssl.keyStore.location',
    'authProvider.sasl',
    'leaderServes',
  ];
  for (const key of [...numberKeys, ...booleanKeys, ...more]) expect(meantBy(key)).toBeUndefined();
});

test('capitals, a lost letter and exchanged neighbours are seen through', () => {
  fc.assert(
    fc.property(keys, fc.nat(), (key, n) => {
      const at = n % (key.length - 1);
      const spoilt = [
        key.toLowerCase(),
        key.slice(0, at) + key.slice(at + 1),
        key.slice(0, at) + key[at + 1]! + key[at]! + key.slice(at + 2),
      ];
      for (const wrong of spoilt) expect(wrong === key || meantBy(wrong) !== undefined).toBe(true);
    }),
  );
});

test.each([
  'zookeeper.session.timeout',
  'kerberos.removeHostFromPrincipal',
  'my.own.setting',
  'jaasLoginRenew',
])('%s is not almost anything', (key) => {
  expect(meantBy(key)).toBeUndefined();
});
