/** Ends every `switch` over a union: a new case stops compiling wherever it was forgotten. */
export function never(value: never): never {
  throw new Error(`unhandled case: ${JSON.stringify(value)}`);
}
