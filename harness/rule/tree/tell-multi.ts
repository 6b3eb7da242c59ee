import { flagBits, outcomes, type Stat } from '../../history/op.ts';
import { sightRefusal } from './refusals.ts';
import { unsaid } from './texts.ts';
import type { Told } from './told.ts';
import { creates, type Entry, setsData, updateKinds } from './updates.ts';

/** A part of a multi and of its answer, as the client records them. */
interface Part {
  kind: 'create' | 'delete' | 'setData' | 'check';
  path: string;
  value?: string | null;
  version?: number;
  mode?: number;
}
interface PartResult {
  kind: string;
  name?: string;
  stat?: Stat | null;
  error?: number;
}

/** KeeperException.Code.RUNTIMEINCONSISTENCY: what a refused multi says of the parts behind the one that failed. */
const notReached = -2;

export function tellMulti(told: Told, row: number): void {
  const { history, paths } = told;
  const outcome = outcomes[history.outcome[row]!]!;
  if (outcome === 'notSent') return;
  const parts = JSON.parse(history.value(row) ?? '[]') as Part[];
  const updates = parts.map((part, i) => doing(told, row, part, i, outcome !== 'fail'));
  const inside = updates.filter(({ node }) => paths.isInside(node));
  if (inside.length === 0) return;
  const results = JSON.parse(history.result(row) ?? '[]') as PartResult[];
  const undated = outcome === 'ok' && history.zxid[row]! <= 0 && told.isHeadless(row);
  if (outcome === 'unknown') told.lose(inside);
  else if (undated)
    told.lose(
      inside.map((update) => named(told, update, results)),
      true,
    );
  else if (outcome === 'ok') acknowledgeParts(told, row, parts, inside, results);
  else if (history.zxid[row]! > 0 && results.length > 0) refuseParts(told, row, parts, updates, results);
}

function doing(told: Told, row: number, part: Part, place: number, applied: boolean): Entry {
  const { history, paths, texts } = told;
  const node = paths.idOf(part.path);
  const kind = updateKinds.indexOf(part.kind);
  const writes = applied && (kind === creates || kind === setsData);
  return {
    row,
    part: place,
    kind,
    node,
    asked: node,
    mode: kind === creates ? (part.mode ?? 0) & flagBits.createMode : 0,
    text: writes ? texts.ofPart(node, part.value ?? null) : unsaid,
    version: part.version ?? -1,
    zxid: history.zxid[row]!,
    stat: -1,
  };
}

function acknowledgeParts(
  told: Told,
  row: number,
  parts: readonly Part[],
  inside: readonly Entry[],
  results: readonly PartResult[],
): void {
  if (results.length !== parts.length || parts.some(({ kind }, i) => results[i]!.kind !== kind)) {
    told.say(row, 'a multi was acknowledged without a result for each of its parts');
  }
  for (const update of inside) {
    const { stat = null, name = null } = results[update.part] ?? {};
    if (stat) update.stat = told.stats.ofWrite(update.node, stat);
    told.acknowledge(update, update.kind === creates ? name : null);
    if (stat && update.kind === setsData) {
      told.checkLength(row, update.node, parts[update.part]!.value ?? null, stat);
    }
  }
}

/** With the name the answer gave its node. */
function named({ paths }: Told, update: Entry, results: readonly PartResult[]): Entry {
  const name = update.kind === creates ? results[update.part]?.name : undefined;
  return name === undefined ? update : { ...update, node: paths.idOf(name) };
}

/** All or nothing: one part failed, those before it are marked 0, those behind it were never tried. */
function refuseParts(
  told: Told,
  row: number,
  parts: readonly Part[],
  updates: readonly Entry[],
  results: readonly PartResult[],
): void {
  const codes = results.map(({ error }) => error);
  const failed = codes.findIndex((code) => code !== 0);
  const lawful =
    results.length === parts.length &&
    failed >= 0 &&
    codes.every((code, i) =>
      i < failed ? code === 0 : i === failed ? code !== undefined : code === notReached,
    );
  if (!lawful) {
    told.say(row, `a refused multi of ${parts.length} parts has the codes ${codes.join(', ')}`);
    return;
  }
  const culprit = updates[failed]!;
  if (!told.paths.isInside(culprit.node)) return;
  // Parts before it changed the state it met: writes of the same node can be taken back by counting, lives of nodes cannot.
  const before = parts.slice(0, failed).filter(({ path }) => related(path, parts[failed]!.path));
  if (before.some(({ kind }) => kind === 'create' || kind === 'delete')) return;
  const writes = before.filter(({ kind, path }) => kind === 'setData' && path === parts[failed]!.path);
  sightRefusal(told, culprit, codes[failed]!, writes.length);
}

const related = (a: string, b: string) => a === b || a.startsWith(`${b}/`) || b.startsWith(`${a}/`);
