import type { Lost, Sighting, Update } from './updates.ts';
import { isSequential, withoutSuffix } from './updates.ts';

type Seen = Sighting & { stat: NonNullable<Sighting['stat']> };

/**
 * Finds the zxid of writes without an answer in what others saw: a value that only one such write carries, or a change
 * that only one of them can have made. They become updates like all others. What stays ambiguous is left alone.
 */
export function resolveLost(
  lost: readonly Lost[],
  updates: readonly Update[],
  sightings: readonly Sighting[],
): Update[] {
  if (lost.length === 0) return [];
  const offers = offersByPath(lost);
  const known = new Set(updates.map(({ path, zxid }) => `${path}@${zxid}`));
  const resolved: Update[] = [];
  const withStat = sightings.filter(
    (sighting): sighting is Seen => sighting.stat !== null && offersFor(offers, sighting.path).length > 0,
  );
  // Values first: they are certain. The rest is what remains when those are known.
  for (const sighting of withStat.filter(({ data }) => data !== undefined)) settleChange(sighting);
  for (const sighting of withStat) settleBirth(sighting);
  for (const sighting of withStat) settleChange(sighting);
  return resolved;

  /** The write that gave the node its present data. */
  function settleChange({ path, stat, data }: Seen): void {
    const kind = stat.mzxid === stat.czxid ? 'create' : 'setData';
    const found = settle(path, stat.mzxid, (update) => {
      if (update.kind !== kind) return false;
      if (kind === 'setData' && update.version >= 0 && update.version !== stat.version - 1) return false;
      return data === undefined || (update.value ?? '') === (data ?? '');
    });
    if (found) found.versionSeen = stat.version;
  }

  /** The create behind a node that was written since. */
  function settleBirth({ path, stat }: Seen): void {
    settle(path, stat.czxid, ({ kind }) => kind === 'create');
  }

  function settle(path: string, zxid: number, fits: (update: Update) => boolean): Update | undefined {
    if (known.has(`${path}@${zxid}`)) return undefined;
    const fitting = offersFor(offers, path).filter(
      ({ owner, update }) => owner.zxid === 0 && owner.after < zxid && zxid < owner.before && fits(update),
    );
    if (fitting.length !== 1) return undefined;
    const [{ owner, update: found }] = fitting as [Offer];
    owner.zxid = zxid;
    for (const update of owner.updates) {
      update.zxid = zxid;
      if (update === found) update.path = path;
      known.add(`${update.path}@${zxid}`);
      resolved.push(update);
    }
    return found;
  }
}

interface Offer {
  owner: Lost;
  update: Update;
}

/** Lost updates by the node they would change; sequential creates by their prefix. */
function offersByPath(lost: readonly Lost[]): Map<string, Offer[]> {
  const offers = new Map<string, Offer[]>();
  for (const owner of lost) {
    for (const update of owner.updates) {
      const key = keyOf(update);
      const there = offers.get(key);
      if (there) there.push({ owner, update });
      else offers.set(key, [{ owner, update }]);
    }
  }
  return offers;
}

const keyOf = (update: Update) => (isSequential(update) ? `${update.path}*` : update.path);

function offersFor(offers: ReadonlyMap<string, Offer[]>, path: string): readonly Offer[] {
  const named = offers.get(path) ?? [];
  const prefix = withoutSuffix(path);
  const numbered = prefix === path ? undefined : offers.get(`${prefix}*`);
  return numbered ? [...named, ...numbered] : named;
}
