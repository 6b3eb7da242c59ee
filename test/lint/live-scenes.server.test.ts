import { beforeAll, describe, expect, test } from 'vitest';
import { machineLacks } from '../support/gauntlet.ts';
import type { Software } from './lab.ts';
import { releases, seenInside } from './live.ts';
import { scenes } from './scenes/index.ts';

describe.skipIf(machineLacks)(`real servers${machineLacks ? ` (unsupported: ${machineLacks})` : ''}`, () => {
  let software: Software;
  beforeAll(async () => {
    software = await releases('3.5.7', '3.9.5');
  }, 180_000);

  test.each(scenes)('$is', { timeout: 180_000 }, async ({ is, sees }) => {
    expect(await seenInside(is, software)).toEqual(sees);
  });
});
