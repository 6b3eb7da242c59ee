import type { Random } from '../../harness/base/random.ts';
import { blankOp, type Op, type OpKind, type Phase, type Zxid } from '../../harness/history/op.ts';
import type { JournalEntry, ScenarioPhase } from '../../harness/run/journal-entry.ts';

/** Who asks, and where. */
interface Asker {
  number: number;
  server: { sid: number };
  lastZxid: number;
}

/** What a simulated run leaves behind, and its clock (ns): everything that happens takes a moment. */
export class SimulatedRecord {
  readonly ops: Op[] = [];
  readonly journal: JournalEntry[] = [];
  phase: Phase = 'setup';
  now = 0;
  private readonly random: Random;

  constructor(random: Random) {
    this.random = random;
  }

  pass(ns = this.random.int(1000, 2_000_000)): void {
    this.now += ns;
  }

  write(entry: JournalEntry extends infer E ? (E extends unknown ? Omit<E, 'atNs'> : never) : never): void {
    this.pass(1000);
    this.journal.push({ atNs: this.now, ...entry } as JournalEntry);
  }

  enter(phase: ScenarioPhase): void {
    this.write({ kind: 'phase', phase });
  }

  /** An operation that begins now. */
  begin({ number, server }: Asker, kind: OpKind, path: string): Op {
    this.pass(1000);
    return {
      ...blankOp(kind, path),
      ...{ session: number, server: server.sid, phase: this.phase, outcome: 'ok', invokedNs: this.now },
    };
  }

  /** It is over now. */
  end(session: Asker, op: Op): void {
    this.pass(1000);
    op.returnedNs = this.now;
    session.lastZxid = Math.max(session.lastZxid, op.zxid);
    this.ops.push(op);
  }

  /** An event that a session is told. */
  tell(session: Asker, { type, path }: { type: string; path: string }, zxid: number): void {
    const op = this.begin(session, 'event', path);
    this.ops.push({ ...op, returnedNs: op.invokedNs, value: type, zxid: zxid as Zxid });
  }
}
