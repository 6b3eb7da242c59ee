import type { Op, Outcome, Stat, Zxid } from '../history/op.ts';
import type { Acl } from './acl.ts';
import type { Answer } from './call.ts';
import { textOf } from './recorded-text.ts';
import type { Answers, PartResult } from './requests.ts';

/** What a workload needs to go on; the rest is in the history. Null where the operation has none or did not succeed. */
export interface Returned {
  outcome: Outcome;
  error: number;
  zxid: Zxid;
  /** Data read. */
  value: string | null;
  stat: Stat | null;
  /** Name of the node created. */
  name: string | null;
  /** Sorted. */
  children: readonly string[] | null;
  acls: readonly Acl[] | null;
  /** Of a multi, also when it failed. */
  parts: readonly PartResult[] | null;
}

/** Puts a body into the row and the result; called for answers that have one. */
export type Fill<A> = (body: A, op: Op, returned: Returned) => void;

export function returnedOf(answer: Answer<unknown>): Returned {
  return {
    outcome: answer.outcome,
    error: answer.error,
    zxid: answer.zxid,
    value: null,
    stat: null,
    name: null,
    children: null,
    acls: null,
    parts: null,
  };
}

export const nothing = () => undefined;

export function fillStat(stat: Stat, op: Op, returned: Returned): void {
  op.stat = returned.stat = stat;
}

export function fillCreate({ name, stat }: Answers['create'], op: Op, returned: Returned): void {
  op.result = returned.name = name;
  op.stat = returned.stat = stat;
}

export function fillData({ data, stat }: Answers['getData'], op: Op, returned: Returned): void {
  op.value = returned.value = textOf(data);
  op.stat = returned.stat = stat;
}

export function fillChildren({ children, stat }: Answers['getChildren'], op: Op, returned: Returned): void {
  returned.children = children.sort();
  op.result = JSON.stringify(children);
  op.stat = returned.stat = stat;
}

export function fillAcls({ acls, stat }: Answers['getACL'], op: Op, returned: Returned): void {
  returned.acls = acls;
  op.result = JSON.stringify(acls);
  op.stat = returned.stat = stat;
}

export function fillParts(parts: PartResult[], op: Op, returned: Returned): void {
  returned.parts = parts;
  op.result = JSON.stringify(parts);
}
