import { type Random, randomFrom } from '../../harness/base/random.ts';
import type { LinHistory } from '../../harness/lin/history.ts';
import { HistoryBuilder } from '../../harness/lin/history-builder.ts';
import { nil } from '../../harness/lin/values.ts';

export interface Simulation {
  seed: number;
  clients: number;
  opsPerClient: number;
  /** Values written; 0: every write its own. */
  values: number;
  /** Calls without an answer in a thousand; a client goes on as another process. */
  unknownPerMille?: number;
  /** Compare-and-set instead of a write, in a hundred. */
  casPercent?: number;
  /** After this share of the calls a read returns what was overwritten before it began; 0 is never. */
  staleAt?: number;
}

/** A call takes 1 to this many ticks; the next one of its client begins half a tick later. */
const longest = 200;

interface Planned {
  client: number;
  invoked: number;
  returned: number;
  point: number;
}

/** Calls of a register that is linearizable by construction: each takes effect at a point drawn from its time. Half are writes. */
export function simulateRegister(options: Simulation): LinHistory {
  const random = randomFrom(options.seed);
  const plan = planOf(options, random);
  const builder = new HistoryBuilder('line');
  const [read, write, cas] = ['read', 'write', 'cas'].map((name) => builder.nameOf(name)) as [
    number,
    number,
    number,
  ];
  const { values } = builder;
  const calls = new Map<
    Planned,
    { f: number; input: number; output: number; unknown: boolean; failed: boolean }
  >();
  let [state, written] = [nil, 0];
  /** Values and when they were overwritten. */
  let [old, oldUntil] = [nil, -1];
  const staleFrom = options.staleAt ? Math.floor(plan.length * options.staleAt) : plan.length;
  let stale = 0;
  for (const [index, call] of plan.entries()) {
    const isWrite = random.int(0, 1) === 1;
    const unknown = random.int(1, 1000) <= (options.unknownPerMille ?? 0);
    if (!isWrite) {
      const lie =
        index >= staleFrom &&
        stale === 0 &&
        old !== state &&
        oldUntil >= 0 &&
        oldUntil < call.invoked &&
        !unknown;
      stale += Number(lie);
      calls.set(call, {
        f: read,
        input: nil,
        output: unknown ? nil : lie ? old : state,
        unknown,
        failed: false,
      });
      continue;
    }
    const value = values.idOfInteger(options.values === 0 ? ++written : random.int(1, options.values));
    const swaps = random.int(1, 100) <= (options.casPercent ?? 0);
    const applies = !unknown || random.int(0, 1) === 1;
    const expected = options.values === 0 ? state : values.idOfInteger(random.int(1, options.values));
    const failed = swaps && expected !== state;
    calls.set(call, {
      f: swaps ? cas : write,
      input: swaps ? values.idOfItems('vector', [expected, value]) : value,
      output: nil,
      unknown,
      failed,
    });
    if (failed || !applies) continue;
    // Overwritten for sure only when the call that did it has returned.
    [old, oldUntil] = [state, unknown ? Number.POSITIVE_INFINITY : call.returned];
    state = value;
  }
  // The file's order is that of invocations and completions, not of points.
  for (const call of plan.sort((a, b) => a.invoked - b.invoked)) {
    const { f, input, output, unknown, failed } = calls.get(call)!;
    const op = builder.begin(call.client, f, nil, input, call.invoked);
    if (!unknown) builder.end(op, failed ? 'fail' : 'ok', output, call.returned);
  }
  return builder.finish();
}

function planOf({ clients, opsPerClient }: Simulation, random: Random): Planned[] {
  const plan: Planned[] = [];
  for (let client = 0; client < clients; client++) {
    let now = random.int(0, longest);
    for (let i = 0; i < opsPerClient; i++) {
      const returned = now + random.int(1, longest);
      plan.push({
        client,
        invoked: now,
        returned,
        point: now + (random.int(0, 1000) / 1000) * (returned - now),
      });
      // A process ends a call before it begins the next.
      now = returned + 0.5;
    }
  }
  return plan.sort((a, b) => a.point - b.point);
}
