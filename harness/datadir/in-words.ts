import { never } from '../base/never.ts';
import { errorName } from '../client/errors.ts';
import { formatZxid } from '../history/op.ts';
import type { Change, Transaction } from './transaction.ts';

/** A transaction on one line: zxid, time, who asked for it, what it does. */
export function transactionWords(transaction: Transaction): string {
  const { zxid, timeMs, session, cxid } = transaction;
  const time = timeWords(timeMs);
  const id = session.replace(/^0+(?=.)/, '');
  return `${formatZxid(zxid)}  ${time}  session 0x${id} cxid ${cxid}  ${changeWords(transaction)}`;
}

/** Damaged clocks exist; what is no date is shown as the number it is. */
function timeWords(timeMs: number): string {
  const date = new Date(timeMs);
  return Number.isNaN(date.getTime()) ? `${timeMs} ms` : date.toISOString();
}

export function changeWords(change: Change): string {
  const { type } = change;
  switch (change.type) {
    case 'create':
    case 'create2':
    case 'createContainer':
    case 'createTTL': {
      const kind = change.ephemeral ? ' ephemeral' : '';
      const ttl = change.ttlMs === undefined ? '' : ` for ${change.ttlMs} ms`;
      return `${type} ${change.path}${valueWords(change.value)}${kind}${ttl}`;
    }
    case 'delete':
    case 'deleteContainer':
      return `${type} ${change.path}`;
    case 'setData':
    case 'reconfig':
      return `${type} ${change.path}${valueWords(change.value)} version ${change.version}`;
    case 'setACL':
    case 'check':
      return `${type} ${change.path} version ${change.version}`;
    case 'createSession':
      return `${type} timeout ${change.timeoutMs} ms`;
    case 'closeSession':
      return [type, ...(change.paths ?? []).map((path) => `deletes ${path}`)].join(' ');
    case 'error':
      return `error ${errorName(change.error)}`;
    case 'multi':
      return `multi [${change.parts.map(changeWords).join('; ')}]`;
    case 'unreadable':
      return `unreadable transaction of opcode ${change.opcode}: ${change.body}`;
    default:
      return never(change);
  }
}

const longest = 100;

function valueWords(value: string | null): string {
  if (value === null) return ' without data';
  const shown = value.length > longest ? `${value.slice(0, longest)}…` : value;
  return ` ${JSON.stringify(shown)}`;
}
