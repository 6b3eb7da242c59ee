import type { JournalEntry, LinkCut } from '../../harness/run/journal-entry.ts';

export const second = 1e9;

/** A fault that lands at 10 s and begins to heal at 20 s. */
export function fault(
  name: string,
  victims: number[],
  more: { cuts?: LinkCut[]; deadlineNs?: number } = {},
): JournalEntry[] {
  const about = { step: 0, fault: name, victims };
  const call = { fault: name, target: victims, params: {} };
  const { deadlineNs = 100 * second, cuts } = more;
  return [
    { atNs: 9 * second, kind: 'fault-intent', ...about, call, roles: {}, deadlineNs },
    { atNs: 10 * second, kind: 'fault-landed', ...about, proof: [], ...(cuts && { cuts }) },
    { atNs: 20 * second, kind: 'fault-healing', ...about },
    { atNs: 21 * second, kind: 'fault-healed', ...about, proof: [] },
  ];
}

/** Traffic from each of the first to each of the second is lost: one direction is enough. */
export const between = (a: number[], b: number[], ports: LinkCut['ports'] = 'all'): LinkCut[] =>
  a.flatMap((from) => b.map((to) => ({ from, to, ports })));
