import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Call } from '../../harness/client/call.ts';
import { InFlight } from '../../harness/client/in-flight.ts';

function call(xid: number, deadlineAtMs = 1000, settled: string[] = []): Call {
  return {
    xid,
    request: { kind: 'delete', path: '/a', version: -1 },
    deadlineAtMs,
    sentNs: 0,
    settle: ({ outcome, error, sentNs, returnedNs }) =>
      settled.push(`${xid} ${outcome} ${error}, ${sentNs} to ${returnedNs}`),
  };
}

test('whatever comes and goes, the next reply belongs to the oldest written request', () => {
  const steps = fc.array(fc.constantFrom('add', 'add', 'add', 'written', 'shift'), { maxLength: 600 });
  fc.assert(
    fc.property(steps, (sequence) => {
      const inFlight = new InFlight(1);
      const model: number[] = [];
      let written = 0;
      let xid = 0;
      for (const step of sequence) {
        if (step === 'add') {
          inFlight.add(call(++xid));
          model.push(xid);
        } else if (step === 'written') {
          inFlight.written(1);
          written = model.length;
        } else if (written > 0) {
          inFlight.shift();
          model.shift();
          written--;
        }
        expect(inFlight.next?.xid).toBe(written > 0 ? model[0] : undefined);
      }
    }),
  );
});

test('the ring may grow while its head is anywhere', () => {
  const inFlight = new InFlight(1);
  for (let xid = 1; xid <= 50; xid++) inFlight.add(call(xid));
  inFlight.written(1);
  for (let i = 0; i < 40; i++) inFlight.shift();
  for (let xid = 51; xid <= 300; xid++) inFlight.add(call(xid));
  inFlight.written(2);
  for (let xid = 41; xid <= 300; xid++) {
    expect(inFlight.next?.xid).toBe(xid);
    inFlight.shift();
  }
  expect(inFlight.next).toBeUndefined();
});

test('a request given up before its turn of writing came has the moment it was given up', () => {
  const settled: string[] = [];
  const inFlight = new InFlight(1);
  inFlight.add(call(1, 100, settled));
  inFlight.giveUpUntil(200, 30);
  expect(settled).toEqual(['1 unknown -7, 30 to 30']);
});

test('deadlines settle once; the end settles the rest by whether it was written; each has its times', () => {
  const settled: string[] = [];
  const inFlight = new InFlight(3);
  inFlight.add(call(1, 100, settled));
  inFlight.add(call(2, 300, settled));
  inFlight.written(20);
  inFlight.add(call(3, 300, settled));
  expect(inFlight.earliestDeadlineMs).toBe(100);
  inFlight.giveUpUntil(200, 30);
  expect(settled).toEqual(['1 unknown -7, 20 to 30']);
  expect(inFlight.earliestDeadlineMs).toBe(300);
  expect(inFlight.next?.xid).toBe(1);
  inFlight.abandon(40);
  expect(settled).toEqual(['1 unknown -7, 20 to 30', '2 unknown -4, 20 to 40', '3 notSent -4, 40 to 40']);
});
