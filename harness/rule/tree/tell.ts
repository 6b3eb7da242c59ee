import type { History } from '../../history/history.ts';
import { flagBits, type OpKind, opKinds, outcomes } from '../../history/op.ts';
import { errorCodes, sightRefusal } from './refusals.ts';
import { absent, present } from './sightings.ts';
import { tellMulti } from './tell-multi.ts';
import { unsaid } from './texts.ts';
import { type Recorded, Told } from './told.ts';
import { creates, setsAcl, setsData, type UpdateKind, updateKinds } from './updates.ts';

const [ok, fail, unknown] = (['ok', 'fail', 'unknown'] as const).map((each) => outcomes.indexOf(each));
const kindAt = (name: OpKind) => opKinds.indexOf(name);
const [exists, getData, getChildren, getACL, multi] = (
  ['exists', 'getData', 'getChildren', 'getACL', 'multi'] as const
).map(kindAt);

/** Index into `updateKinds` by index into `opKinds`; -1 for what is no update. */
const updateKindAt = Int8Array.from(opKinds, (kind) => updateKinds.indexOf(kind as UpdateKind));

const known = new WeakMap<History, Told>();

/** What clients were told of the tree under the root. Several rules ask for it; it is made once. */
export function toldOf(recorded: Recorded): Told {
  const made = known.get(recorded.history) ?? tell(recorded);
  known.set(recorded.history, made);
  return made;
}

function tell(recorded: Recorded): Told {
  const { history } = recorded;
  const told = new Told(recorded);
  for (let row = 0; row < history.length; row++) {
    const kind = history.kind[row]!;
    const updateKind = updateKindAt[kind]!;
    if (kind === multi) tellMulti(told, row);
    else if (!told.paths.isInside(history.path[row]!)) continue;
    else if (updateKind >= 0) tellUpdate(told, row, updateKind);
    else if (kind === getData || kind === exists || kind === getChildren || kind === getACL) {
      tellRead(told, row, kind);
    }
  }
  return told;
}

function tellUpdate(told: Told, row: number, kind: number): void {
  const { history, texts, stats } = told;
  const outcome = history.outcome[row];
  const node = history.path[row]!;
  const stat = outcome === ok ? history.stat(row) : null;
  const value = outcome !== fail && (kind === creates || kind === setsData) ? history.value(row) : undefined;
  const update = {
    row,
    part: 0,
    kind,
    node,
    asked: node,
    mode: kind === creates ? history.flags[row]! & flagBits.createMode : 0,
    text: value === undefined ? unsaid : texts.written(node, value, row),
    version: history.version[row]!,
    zxid: history.zxid[row]!,
    stat: stat === null ? -1 : stats.ofWrite(node, stat),
  };
  if (outcome === ok && update.zxid <= 0 && told.isHeadless(row)) {
    const name = kind === creates ? history.result(row) : null;
    told.lose([{ ...update, node: name === null ? node : told.paths.idOf(name), stat: -1 }], true);
  } else if (outcome === ok) {
    told.acknowledge(update, kind === creates ? history.result(row) : null);
    if (stat && value !== undefined) told.checkLength(row, node, value, stat);
    if (stat && kind === setsAcl) {
      const { czxid, aversion } = stat;
      told.acls.push({ row, zxid: update.zxid, node, czxid, aversion, acls: history.value(row) ?? '' });
    }
  } else if (outcome === unknown) told.lose([update]);
  else if (outcome === fail && update.zxid > 0) sightRefusal(told, update, history.error[row]!);
}

function tellRead(told: Told, row: number, kind: number): void {
  const { history, texts, stats, sightings } = told;
  const zxid = history.zxid[row]!;
  if (zxid <= 0) return;
  const node = history.path[row]!;
  const outcome = history.outcome[row];
  if (outcome === fail && history.error[row] === errorCodes.noNode) {
    sightings.push(row, zxid, node, absent, -1, unsaid);
  }
  if (outcome !== ok) return;
  const stat = history.stat(row);
  const id = stat === null ? -1 : stats.ofRead(node, stat);
  const value = kind === getData ? history.value(row) : undefined;
  const text = value === undefined ? unsaid : texts.read(node, value, row);
  sightings.push(row, zxid, node, present, id, text);
  if (stat && value !== undefined) told.checkLength(row, node, value, stat);
  if (kind === getChildren) told.list(row, node, stat);
  if (kind === getACL && stat) {
    const { czxid, aversion } = stat;
    told.acls.push({ row, zxid, node, czxid, aversion, acls: history.result(row) ?? '' });
  }
}
