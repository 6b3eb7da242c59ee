import type { FaultCall } from '../plan/plan.ts';
import type { PortClass } from '../topology/topology.ts';

/**
 * What the harness did, in order. Every entry is on disk (fsync) before the act it announces.
 * `atNs` is time since the scenario's origin.
 */
export type JournalEntry = { atNs: number } & (
  | { kind: 'phase'; phase: ScenarioPhase }
  /** The clock that the servers date their logs by, where that may be another than ours. */
  | { kind: 'clock-ahead'; aheadMs: number; withinMs: number }
  | { kind: 'server-start'; sid: number; version: string; pid: number | undefined }
  /** `asked`: the harness had sent the signal; otherwise the server ended by itself. */
  | { kind: 'server-exit'; sid: number; code: number | null; signal: string | null; asked: boolean }
  /** Somebody else runs it, so nobody knows when it began. */
  | { kind: 'server-found'; sid: number; version: string; address: string }
  /** `leader` is absent when no server that is known says that it leads: of others' servers not all need be known. */
  | { kind: 'serving'; leader?: number; followers: number[]; observers: number[] }
  /** No fault was open, yet the ensemble did not serve within `waitedMs`; cut short when a server ended by itself. */
  | { kind: 'not-serving'; waitedMs: number; roles: Record<string, string> }
  /** All brokers are registered and answer, one of them is the controller, every partition is led and has all replicas in sync. */
  | { kind: 'brokers-serving'; controller: number; nodes: number[] }
  /** No fault was open, the servers served, and yet the brokers did not come so far within `waitedMs`. */
  | { kind: 'brokers-not-serving'; waitedMs: number; lacking: string }
  | {
      kind: 'fault-intent';
      step: number;
      fault: string;
      call: FaultCall;
      victims: number[];
      roles: Record<string, string>;
      deadlineNs: number;
    }
  /** `cuts`: the links a network fault takes away, resolved to servers. */
  | {
      kind: 'fault-landed';
      step: number;
      fault: string;
      victims: number[];
      proof: string[];
      cuts?: LinkCut[];
    }
  | { kind: 'fault-missed'; step: number; fault: string; victims: number[]; reason: string }
  | { kind: 'fault-healing'; step: number; fault: string; victims: number[] }
  | { kind: 'fault-healed'; step: number; fault: string; victims: number[]; proof: string[] }
  | { kind: 'fault-stuck'; step: number; fault: string; victims: number[]; reason: string }
  /** What was looked for at a step, whether it was so, and what was seen. */
  | { kind: 'expectation'; step: number; what: string; met: boolean; seen: string; tookMs: number }
  /** A step has got there: it waits for its moment, acts, holds what it broke, and is about to end it. */
  | { kind: 'step'; step: number; part: StepPart }
  | { kind: 'note'; text: string }
);

export type StepPart = 'waits' | 'acts' | 'holds' | 'ends';

/** Packets from one place to another are lost; of every connection, or of one port class in both roles. */
export interface LinkCut {
  from: number | 'clients';
  to: number | 'clients';
  ports: 'all' | PortClass;
}

const scenarioPhases = [
  'provision',
  'start',
  'warm-up',
  'faults',
  'cool-down',
  'heal',
  'final',
  'power-off',
  'teardown',
  'done',
] as const;
export type ScenarioPhase = (typeof scenarioPhases)[number];
