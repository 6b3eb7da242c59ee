import { errorName } from '../../harness/client/errors.ts';
import type { History } from '../../harness/history/history.ts';
import { anyVersion, flagBits, type Op, type Stat } from '../../harness/history/op.ts';
import { heartbeat } from '../../harness/workload/every-operation.ts';

/** One call of the script and its answer, without what differs from run to run: zxids, times, ids of sessions. */
export interface Answered {
  /** "create /a", "setData /a if version 0". */
  call: string;
  /** "ok …" or "NONODE". */
  answer: string;
}

const modes = [
  '',
  'ephemeral',
  'sequential',
  'ephemeral sequential',
  'container',
  'with a TTL',
  'sequential with a TTL',
];

/** The script of the workload `every-operation` as one run answered it, in its order. `root`: where its client worked. */
export function answersIn(history: History, root: string): Answered[] {
  const rows = Array.from({ length: history.length }, (_, row) => history.op(row));
  const clients = new Set(
    rows.filter(({ kind, value }) => kind === 'connect' && value === 'c0').map(({ session }) => session),
  );
  const asked = ({ session, phase, kind, outcome, path }: Op) =>
    clients.has(session) &&
    phase === 'workload' &&
    !aside.includes(kind) &&
    outcome !== 'notSent' &&
    path !== `${root}${heartbeat}`;
  const below = (text: string) => text.replaceAll(`${root}/`, '/').replaceAll(root, '/');
  return rows
    .filter(asked)
    .sort((a, b) => a.invokedNs - b.invokedNs || a.xid - b.xid)
    .map((op) => ({ call: below(callOf(op)), answer: below(answerOf(op)) }));
}

const aside: readonly string[] = ['connect', 'close', 'expired', 'event'];

function callOf({ kind, path, version, flags, value }: Op): string {
  const mode = kind === 'create' ? modes[flags & flagBits.createMode] : '';
  const more = [
    mode,
    kind === 'create' && (flags & flagBits.stat) !== 0 ? 'asking for its Stat' : '',
    (flags & flagBits.watch) !== 0 ? 'with a watch' : '',
    version === anyVersion ? '' : `if version ${version}`,
    ['multi', 'setACL', 'addWatch', 'removeWatches'].includes(kind) ? (value ?? '') : '',
  ].filter((each) => each !== '' && each !== undefined);
  return [kind, path, ...more].filter((each) => each !== '').join(' ');
}

function answerOf({ kind, outcome, error, value, result, stat }: Op): string {
  const body = result === null ? '' : kind === 'multi' ? partsIn(result) : result;
  if (outcome !== 'ok') return [errorName(error), body].join(' ').trim();
  const read = kind === 'getData' ? JSON.stringify(value) : '';
  return ['ok', read, body, stat ? statIn(stat) : ''].filter((each) => each !== '').join(' ');
}

/** What of a Stat is the same in every run. */
function statIn({ version, cversion, aversion, dataLength, numChildren, ephemeralOwner }: Stat): string {
  const owner = ephemeralOwner === '0' ? '' : ', has an owner';
  return `(version ${version}, cversion ${cversion}, aversion ${aversion}, ${dataLength} bytes, ${numChildren} children${owner})`;
}

function partsIn(result: string): string {
  const parts = JSON.parse(result) as { kind: string; error?: number; name?: string; stat?: Stat | null }[];
  return parts
    .map(({ kind, error, name, stat }) =>
      [kind === 'error' ? errorName(error!) : kind, name, stat && statIn(stat)].filter(Boolean).join(' '),
    )
    .join('; ');
}
