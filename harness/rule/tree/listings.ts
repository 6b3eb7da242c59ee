import { type Item, inZxidOrder } from './node-life.ts';
import { type Listing, parentOf, type Sighting } from './updates.ts';

/**
 * What lists of children say about single children, where that is news: names listed that are not known to be there,
 * and names missing that are. What a list merely confirms is left out, or long lists would multiply.
 */
export function childSightings(
  items: ReadonlyMap<string, readonly Item[]>,
  listings: readonly Listing[],
): Sighting[] {
  if (listings.length === 0) return [];
  const parents = new Map<string, Listing[]>();
  for (const listing of listings) {
    const there = parents.get(listing.path);
    if (there) there.push(listing);
    else parents.set(listing.path, [listing]);
  }
  const childItems = new Map<string, { path: string; item: Item }[]>();
  for (const [path, each] of items) {
    const parent = parentOf(path);
    if (!parents.has(parent)) continue;
    const there = childItems.get(parent) ?? [];
    for (const item of each) there.push({ path, item });
    childItems.set(parent, there);
  }
  return [...parents].flatMap(([parent, lists]) => newsOf(lists, childItems.get(parent) ?? []));
}

function newsOf(lists: readonly Listing[], items: { path: string; item: Item }[]): Sighting[] {
  const news: Sighting[] = [];
  const present = new Set<string>();
  const owners = new Map<string, number>();
  const steps = items.sort((a, b) => inZxidOrder(a.item, b.item));
  let next = 0;
  for (const { row, zxid, path, names } of lists.toSorted((a, b) => a.zxid - b.zxid)) {
    for (; next < steps.length && steps[next]!.item.zxid <= zxid; next++) apply(steps[next]!);
    const listed = new Set(names.map((name) => `${path}/${name}`));
    const see = (child: string, seen: Sighting['seen']) =>
      news.push({ row, zxid, path: child, seen, stat: null, data: undefined });
    for (const child of listed) if (!present.has(child)) see(child, 'present');
    for (const child of present) if (!listed.has(child)) see(child, 'absent');
    present.clear();
    for (const child of listed) present.add(child);
  }
  return news;

  function apply({ path, item }: { path: string; item: Item }): void {
    if (item.at === 'update') {
      if (item.update.kind === 'delete') present.delete(path);
      else present.add(path);
      if (item.update.kind === 'create') owners.set(path, item.update.session);
    } else if (item.at === 'end-of-session') {
      if (owners.get(path) === item.session) present.delete(path);
    } else if (item.sighting.seen === 'present') present.add(path);
    else present.delete(path);
  }
}
