import type { LinHistory } from './history.ts';

/**
 * Invocations and returns by time: `op` for an invocation, `~op` for a return; a call without an answer has no return.
 * At equal times invocations come first, so that calls which touch count as concurrent: clocks repeat themselves, and
 * a precedence that did not exist would be a false alarm (Porcupine's model.go argues the same for closed intervals).
 */
export function eventOrder({ length, invoked, returned }: LinHistory): Int32Array {
  const starts = new Int32Array(length);
  let answered = 0;
  for (let op = 0; op < length; op++) {
    starts[op] = op;
    if (returned[op] !== Number.POSITIVE_INFINITY) answered++;
  }
  const ends = new Int32Array(answered);
  for (let op = 0, at = 0; op < length; op++) if (returned[op] !== Number.POSITIVE_INFINITY) ends[at++] = op;
  return merged(sortedBy(invoked, starts), invoked, sortedBy(returned, ends), returned);
}

function merged(
  starts: Int32Array,
  invoked: Float64Array,
  ends: Int32Array,
  returned: Float64Array,
): Int32Array {
  const events = new Int32Array(starts.length + ends.length);
  for (let at = 0, start = 0, end = 0; at < events.length; at++) {
    const invokes =
      start < starts.length && !(end < ends.length && returned[ends[end]!]! < invoked[starts[start]!]!);
    events[at] = invokes ? starts[start++]! : ~ends[end++]!;
  }
  return events;
}

/** Stable. */
function sortedBy(times: Float64Array, ops: Int32Array): Int32Array {
  if (isAscending(times, ops)) return ops;
  return ops.length <= fewCalls ? insertionSorted(times, ops) : radixSorted(times, ops);
}

/** Short histories come by the thousand, and are nearly in order. */
const fewCalls = 256;

function insertionSorted(times: Float64Array, ops: Int32Array): Int32Array {
  for (let i = 1; i < ops.length; i++) {
    const op = ops[i]!;
    let at = i;
    for (; at > 0 && times[ops[at - 1]!]! > times[op]!; at--) ops[at] = ops[at - 1]!;
    ops[at] = op;
  }
  return ops;
}

/** LSD radix sort on the bits of the times; digits that are the same everywhere are skipped. */
function radixSorted(times: Float64Array, ops: Int32Array): Int32Array {
  const words = new Uint32Array(times.buffer, times.byteOffset, times.length * 2);
  // Clearing 65,536 counters costs more than sorting a few thousand calls.
  const bits = ops.length < 8192 ? 8 : 16;
  const counts = new Int32Array(1 << bits);
  let from: Int32Array = ops;
  let to: Int32Array = new Int32Array(ops.length);
  for (let shift = 0; shift < 64; shift += bits) {
    if (countDigits(words, from, shift, counts)) continue;
    for (let i = 0; i < from.length; i++) {
      const op = from[i]!;
      to[counts[digitOf(words, op, shift, counts.length - 1)]!++] = op;
    }
    [from, to] = [to, from];
  }
  return from;
}

function isAscending(times: Float64Array, ops: Int32Array): boolean {
  for (let i = 1; i < ops.length; i++) if (times[ops[i - 1]!]! > times[ops[i]!]!) return false;
  return true;
}

/** Where each digit's entries begin; true when all have the same digit. */
function countDigits(words: Uint32Array, ops: Int32Array, shift: number, counts: Int32Array): boolean {
  counts.fill(0);
  for (let i = 0; i < ops.length; i++) counts[digitOf(words, ops[i]!, shift, counts.length - 1)]!++;
  let sum = 0;
  for (let digit = 0; digit < counts.length; digit++) {
    const count = counts[digit]!;
    if (count === ops.length) return true;
    counts[digit] = sum;
    sum += count;
  }
  return false;
}

/**
 * IEEE 754 doubles compare like their bits once negative ones are complemented and the others get the sign bit. Words are
 * little-endian; a negative zero is the zero.
 */
function digitOf(words: Uint32Array, op: number, shift: number, mask: number): number {
  const low = words[op * 2]!;
  let high = words[op * 2 + 1]!;
  if (high === 0x80000000 && low === 0) high = 0;
  const flip = high >>> 31 === 1 ? 0xffffffff : 0;
  const word = shift < 32 ? low ^ flip : high ^ (flip | 0x80000000);
  return (word >>> (shift & 31)) & mask;
}
