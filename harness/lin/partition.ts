import type { LinHistory } from './history.ts';
import { byKey, type Call, type Model, outcomes } from './model.ts';

/** The calls on one object, which can be judged alone. */
export interface Part {
  /** What `partition` returned. */
  readonly name: unknown;
  /** Its events by time: `op` an invocation, `~op` a return. */
  readonly events: Int32Array;
}

/** Splits a history's events by what the model says; parts in the order in which they first appear. */
export function partsOf(history: LinHistory, model: Model, events: Int32Array): Part[] {
  if (model.partition === byKey && hasOneKey(history))
    return [{ name: history.values.valueOf(history.key[0]!), events }];
  const { names, partOf } = model.partition === byKey ? keys(history) : namedBy(history, model);
  if (names.length === 1) return [{ name: names[0], events }];
  const starts = new Int32Array(names.length + 1);
  for (const event of events) starts[partOf[event < 0 ? ~event : event]! + 1]!++;
  for (let part = 0; part < names.length; part++) starts[part + 1]! += starts[part]!;
  const sorted = new Int32Array(events.length);
  const at = starts.slice();
  for (const event of events) sorted[at[partOf[event < 0 ? ~event : event]!]!++] = event;
  return names.map((name, part) => ({ name, events: sorted.subarray(starts[part], starts[part + 1]) }));
}

function hasOneKey({ length, key }: LinHistory): boolean {
  for (let op = 1; op < length; op++) if (key[op] !== key[0]) return false;
  return length > 0;
}

interface Split {
  names: unknown[];
  partOf: Int32Array;
}

/** The common case, by the ids of keys and without an object a call. */
function keys({ length, key, values }: LinHistory): Split {
  const parts = new Map<number, number>();
  const partOf = new Int32Array(length);
  let [lastKey, lastPart] = [-1, -1];
  for (let op = 0; op < length; op++) {
    if (key[op] !== lastKey) {
      lastKey = key[op]!;
      lastPart = parts.get(lastKey) ?? parts.size;
      parts.set(lastKey, lastPart);
    }
    partOf[op] = lastPart;
  }
  return { names: [...parts.keys()].map((id) => values.valueOf(id)), partOf };
}

function namedBy(history: LinHistory, model: Model): Split {
  const parts = new Map<unknown, number>();
  const partOf = new Int32Array(history.length);
  for (let op = 0; op < history.length; op++) {
    const name = model.partition(callOf(history, op));
    const part = parts.get(name) ?? parts.size;
    parts.set(name, part);
    partOf[op] = part;
  }
  return { names: [...parts.keys()], partOf };
}

/** One call as a model sees it. */
export function callOf({ key, f, names, input, output, outcome, values }: LinHistory, op: number): Call {
  return {
    key: values.valueOf(key[op]!),
    f: names[f[op]!]!,
    input: values.valueOf(input[op]!),
    output: values.valueOf(output[op]!),
    outcome: outcomes[outcome[op]!]!,
  };
}
