import type { Call } from '../model.ts';

/** A value as EDN has it, cut in the middle where it is long: texts that grew differ at the end. */
export function valueWords(value: unknown): string {
  const text = edn(value);
  return text.length > 60 ? `${text.slice(0, 20)}...${text.slice(-36)}` : text;
}

function edn(value: unknown): string {
  if (value === null || value === undefined) return 'nil';
  if (typeof value === 'string') return value.startsWith(':') ? value : JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(edn).join(' ')}]`;
  if (value instanceof Set) return `#{${[...value].map(edn).join(' ')}}`;
  if (value instanceof Map) return `{${[...value].flat().map(edn).join(' ')}}`;
  return String(value);
}

/** Operations whose input, or output, is told even where it is nil. */
const takesInput = new Set(['write', 'put', 'append', 'add', 'remove', 'enqueue']);
const givesOutput = new Set(['read', 'get', 'dequeue']);

/** `cas [1 2] failed`, `read -> 3`, `write 4, no answer`. */
export function callWords({ f, input, output, outcome }: Call): string {
  const asked = input === null && !takesInput.has(f) ? f : `${f} ${valueWords(input)}`;
  if (outcome === 'unknown') return `${asked}, no answer`;
  if (outcome === 'fail') return `${asked} failed`;
  const tells = givesOutput.has(f) || (output !== null && output !== input);
  return tells && !takesInput.has(f) ? `${asked} -> ${valueWords(output)}` : asked;
}

/** A value as JSON can hold it. */
export function jsonValue(value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (Array.isArray(value)) return value.map(jsonValue);
  if (value instanceof Set) return [...value].map(jsonValue);
  if (value instanceof Map) return [...value].map(([key, item]) => [jsonValue(key), jsonValue(item)]);
  return value ?? null;
}
