import fc from 'fast-check';
import { expect, test } from 'vitest';
import { perfettoLines, type Traced } from '../../harness/export/perfetto.ts';
import { historyOf } from '../../harness/history/in-memory.ts';
import type { Op } from '../../harness/history/op.ts';
import { anyOp } from '../history/ops.ts';
import { leaderKill } from '../reports/sample-run.ts';

interface Event {
  ph: string;
  pid: number;
  tid: number;
  name: string;
  ts?: number;
  dur?: number;
  args: Record<string, unknown>;
}

const eventsOf = (traced: Traced) =>
  (JSON.parse([...perfettoLines(traced)].join('\n')) as { traceEvents: Event[] }).traceEvents;

/** What the trace viewer needs of its input: fields by phase, named tracks, and no two slices of a track overlapping. */
function expectTrace(events: readonly Event[]): void {
  const named = new Set(
    events.filter(({ name }) => name === 'thread_name').map(({ pid, tid }) => `${pid}/${tid}`),
  );
  const ends = new Map<string, number>();
  for (const { ph, pid, tid, name, ts, dur } of events) {
    expect(['M', 'X']).toContain(ph);
    expect(name).toEqual(expect.any(String));
    if (ph !== 'X') continue;
    const track = `${pid}/${tid}`;
    expect(named).toContain(track);
    expect(ts).toBeGreaterThanOrEqual(ends.get(track) ?? 0);
    expect(dur).toBeGreaterThanOrEqual(0);
    ends.set(track, Number((ts! + dur!).toFixed(3)) - 0.001);
  }
}

test('any operations make a trace: every one is a slice on a track of its session', () => {
  fc.assert(
    fc.property(fc.array(anyOp, { maxLength: 40 }), (ops) => {
      const events = eventsOf({ history: historyOf(ops), journal: [], ledger: undefined });
      expectTrace(events);
      expect(events.filter(({ ph }) => ph === 'X')).toHaveLength(ops.length);
    }),
  );
});

test('a run shows phases, faults, who led, what each server was, and operations with their outcome', () => {
  const { journal, ledger, ops } = leaderKill(400);
  const events = eventsOf({ history: historyOf(ops as Op[]), journal: journal!, ledger: ledger! });
  expectTrace(events);
  const group = (wanted: string) => {
    const pid = events.find(({ name, args }) => name === 'process_name' && args.name === wanted)!.pid;
    return events.filter((event) => event.ph === 'X' && event.pid === pid);
  };
  expect(group('faults').map(({ name }) => name)).toEqual(['kill zk3', 'isolate zk2']);
  expect(group('leadership').map(({ name }) => name)).toEqual(
    ledger!.reigns.map(({ leader, epoch }) => `zk${leader} leads epoch ${epoch}`),
  );
  expect(group('servers')).toHaveLength(ledger!.spans.length);
  expect(group('sessions')).toHaveLength(ops!.length);
  const unknown = ops!.find(({ outcome }) => outcome === 'unknown')!;
  expect(group('sessions').find(({ args }) => args.outcome === 'unknown')).toMatchObject({
    name: `${unknown.kind} ${unknown.path}`,
    cname: 'terrible',
  });
  const [kill] = group('faults');
  const landed = journal!.find(({ kind }) => kind === 'fault-landed')!;
  expect(kill!.ts).toBe(landed.atNs / 1000);
});
