import { beforeAll, describe, expect, test } from 'vitest';
import { machineLacks } from '../support/gauntlet.ts';
import { releases, seenInside } from './live.ts';
import { spoilt } from './spoilt.ts';

describe.skipIf(machineLacks)(`a real server${machineLacks ? ` (unsupported: ${machineLacks})` : ''}`, () => {
  let seen: { code: number | null; said: boolean; log: string }[];
  beforeAll(async () => {
    seen = (await seenInside('spoilt', await releases('3.4.14', '3.9.5'))) as typeof seen;
  }, 180_000);

  test.each(spoilt.map((row, index) => ({ ...row, index })))(
    'with the mistake $check: $is',
    ({ server, index }) => {
      const { code, said, log } = seen[index]!;
      expect(said, `it should say ${server.says}:\n${log}`).toBe(true);
      expect(code, log).toBe(server.exit ?? null);
    },
  );
});
