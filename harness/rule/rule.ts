import type { Origin } from '../base/clock.ts';
import type { ClientNote } from '../client/foreign/note.ts';
import type { StoredTransactions } from '../datadir/stored-transactions.ts';
import type { History } from '../history/history.ts';
import type { RecordRow } from '../history/records.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Plan } from '../plan/plan.ts';
import type { JournalEntry } from '../run/journal-entry.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { RoleSample } from '../topology/roles.ts';
import type { Topology } from '../topology/topology.ts';
import type { Finding } from './verdict.ts';

/**
 * What only those know who run the servers: what these logged; which of them ran and what linked them; what they stored.
 * And what a client library hides: the zxid of each reply. And who is a member, where servers were told differently.
 * And what only Kafka's own clients do, where there is a Java that can compile ours around them.
 */
type Knowledge =
  | 'server-logs'
  | 'server-processes'
  | 'server-disks'
  | 'reply-zxids'
  | 'one-membership'
  | 'java-clients';

/** Everything a run left on disk about one scenario. Rules see this and nothing else. */
export interface Evidence {
  origin: Origin;
  scenario: Omit<Scenario, 'topology'>;
  topology: Topology;
  plan: Plan;
  journal: JournalEntry[];
  roles: RoleSample[];
  ledger: Ledger;
  history: History;
  /** What the client library under test did beside its operations; absent where the harness's own client was at work. */
  clients?: readonly ClientNote[];
  /** What clients of brokers saw; absent where there were none. */
  records?: readonly RecordRow[];
  /** What the servers' disks held at the end; absent where the run did not get that far, or `lacks` says why. */
  transactions?: StoredTransactions;
  /** Path of the node the clients stayed under; the rest of the servers' tree is not looked at. */
  root: string;
  /** What cannot be known of these servers, and why. */
  lacks: Partial<Record<Knowledge, string>>;
}

/** One documented guarantee as a checker. */
export interface Rule {
  readonly name: string;
  /** What it checks, in one line. */
  readonly about: string;
  readonly guarantee: { quote: string; source: string };
  /** What may go wrong without its saying a word. */
  readonly cannotSee: readonly string[];
  /** What looks like a breach and is none: it says nothing, or tells a gap, which turns nothing red. */
  readonly byDesign: readonly string[];
  /** Whose promise it is, where that is not the servers'. */
  readonly of?: 'client';
  /** Without this it cannot judge, and is `unsupported`. */
  readonly needs?: readonly Knowledge[];
  judge(evidence: Evidence): Judgement;
}

export interface Judgement {
  /** How many things the rule looked at; 0 makes the scenario invalid. */
  relevant: number;
  /** What was seen, in half a sentence. */
  seen: string;
  findings: Finding[];
  /** The rule could not decide, and why. */
  inconclusive?: string;
  /** The run itself proves nothing (a fault that did not land, say), and why. */
  invalid?: string;
}
