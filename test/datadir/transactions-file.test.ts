import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import type { Collected } from '../../harness/datadir/collect.ts';
import { readTransactions, writeTransactions } from '../../harness/datadir/transactions-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'gauntlet-transactions-'));
afterAll(() => rmSync(folder, { recursive: true }));

test.each([997, 998, 999, 1998])(
  '%i nodes are read back, also when they fill the last batch',
  async (count) => {
    const path = join(folder, `${count}.gz`);
    const node = { sid: 1, zxid: 1, path: '/x', czxid: 1, mzxid: 1, value: null };
    const nodes = Array.from({ length: count }, () => ({ node }) as unknown as Collected);
    await writeTransactions(path, [...nodes, { servers: [] }]);
    expect(readTransactions(path).nodes).toHaveLength(count);
    expect(gunzipSync(readFileSync(path)).toString().endsWith('\n\n')).toBe(false);
  },
);
