import type { JournalEntry } from '../harness/run/journal-entry.ts';
import { nodeName } from '../harness/topology/topology.ts';

/** One fault from intent to heal, as the journal tells it. Times are ns since the scenario's origin. */
export interface FaultWindow {
  step: number;
  fault: string;
  victims: number[];
  /** Role of each victim when it was hit, by sid. */
  roles: Record<string, string>;
  intentNs: number;
  landedNs?: number;
  healedNs?: number;
  /** `open`: landed and the journal ends before it healed. */
  state: 'planned' | 'missed' | 'open' | 'stuck' | 'healed';
  /** What proved that it bit and that it is gone, or why it missed or stuck. */
  notes: string[];
}

type FaultEntry = Extract<JournalEntry, { victims: number[] }>;

/** Pairs the journal's entries about each fault: same step, same fault, same victims. In order of intent. */
export function faultWindows(journal: readonly JournalEntry[]): FaultWindow[] {
  const windows: FaultWindow[] = [];
  const current = new Map<string, FaultWindow>();
  for (const entry of journal) {
    if (!('victims' in entry)) continue;
    const key = `${entry.step}/${entry.fault}/${entry.victims.join()}`;
    let window = entry.kind === 'fault-intent' ? undefined : current.get(key);
    if (!window) {
      window = opened(entry);
      windows.push(window);
      current.set(key, window);
    }
    advance(window, entry);
  }
  return windows;
}

function opened(entry: FaultEntry): FaultWindow {
  return {
    step: entry.step,
    fault: entry.fault,
    victims: entry.victims,
    roles: entry.kind === 'fault-intent' ? entry.roles : {},
    intentNs: entry.atNs,
    state: 'planned',
    notes: [],
  };
}

function advance(window: FaultWindow, entry: FaultEntry): void {
  switch (entry.kind) {
    case 'fault-intent':
    case 'fault-healing':
      return;
    case 'fault-landed':
      window.landedNs = entry.atNs;
      window.state = 'open';
      window.notes.push(...entry.proof);
      return;
    case 'fault-healed':
      window.healedNs = entry.atNs;
      window.state = 'healed';
      window.notes.push(...entry.proof);
      return;
    case 'fault-missed':
      window.state = 'missed';
      window.notes.push(entry.reason);
      return;
    case 'fault-stuck':
      window.state = 'stuck';
      window.notes.push(entry.reason);
      return;
  }
}

/** "zk3 (leader), zk1 (follower)". */
export function victimsInWords({ victims, roles }: Pick<FaultWindow, 'victims' | 'roles'>): string {
  if (victims.length === 0) return 'no server';
  return victims.map((sid) => (roles[sid] ? `${nodeName(sid)} (${roles[sid]})` : nodeName(sid))).join(', ');
}
