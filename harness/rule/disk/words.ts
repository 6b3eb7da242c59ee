import { changeWords } from '../../datadir/in-words.ts';
import type { Transaction } from '../../datadir/transaction.ts';
import { zxidText } from '../words.ts';

/** A transaction in half a sentence: what it does, at which zxid, for whom. */
export function entryWords(transaction: Transaction): string {
  const { zxid, session } = transaction;
  return `${changeWords(transaction)} at zxid ${zxidText(zxid)} for session 0x${session.replace(/^0+(?=.)/, '')}`;
}
