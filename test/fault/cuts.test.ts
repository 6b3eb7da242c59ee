import { expect, test } from 'vitest';
import type { Cut, Site, TimedCut } from '../../harness/backend/backend.ts';
import { probesOf } from '../../harness/fault/cut-proof.ts';
import { OpenCuts } from '../../harness/fault/open-cuts.ts';

/** A site that only remembers the cuts it was told. */
function siteThat(remembers: { cuts: readonly TimedCut[] }): Site {
  return {
    setCuts: async (cuts: readonly TimedCut[]) => {
      remembers.cuts = cuts;
    },
    topology: { ports: { client: 2181, quorum: 2888, election: 3888 } },
  } as unknown as Site;
}

const cut = (from: Cut['from'], to: Cut['to'], untilNs = 1): TimedCut => ({
  from,
  to,
  ports: 'all',
  untilNs,
});

test('a link held by two faults heals when the second lets go', async () => {
  const site = { cuts: [] as readonly TimedCut[] };
  const open = new OpenCuts(siteThat(site));
  const [one, two] = [{}, {}];
  await open.open(one, [cut(1, 2, 10), cut(2, 1, 10)]);
  await open.open(two, [cut(1, 2, 99)]);
  expect(site.cuts).toEqual([cut(1, 2, 99), cut(2, 1, 10)]);
  await open.close(one);
  expect(site.cuts).toEqual([cut(1, 2, 99)]);
  await open.close(two);
  expect(site.cuts).toEqual([]);
});

test('closing twice changes nothing', async () => {
  const site = { cuts: [] as readonly TimedCut[] };
  const open = new OpenCuts(siteThat(site));
  const owner = {};
  await open.open(owner, [cut(1, 2)]);
  await open.close(owner);
  await open.close(owner);
  expect(site.cuts).toEqual([]);
});

test('servers are linked as peers unless a cut other than of the client port is between them', async () => {
  const open = new OpenCuts(siteThat({ cuts: [] }));
  await open.open({}, [{ from: 1, to: 2, ports: 'quorum', untilNs: 1 }]);
  await open.open({}, [{ from: 1, to: 3, ports: 'client', untilNs: 1 }]);
  expect(open.linked(1, 2)).toBe(false);
  expect(open.linked(2, 1)).toBe(false);
  expect(open.linked(1, 3)).toBe(true);
});

test('either end may ask whether a path is cut, and clients only from their side', () => {
  const site = siteThat({ cuts: [] });
  expect(probesOf(site, [cut(1, 2)]).map(({ probe }) => probe)).toEqual([
    { from: 1, to: 2, port: 7 },
    { from: 2, to: 1, port: 7 },
  ]);
  expect(probesOf(site, [{ from: 3, to: 'clients', ports: 'client' }]).map(({ probe }) => probe)).toEqual([
    { from: 'clients', to: 3, port: 2181 },
  ]);
  expect(probesOf(site, [cut(1, 2), cut(2, 1)])).toHaveLength(2);
});
