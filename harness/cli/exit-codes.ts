/** What the exit code says, in one place: help, docs and tests read this table. */
export const exitCodeMeanings: readonly { code: number; meaning: string }[] = [
  { code: 0, meaning: 'pass: every promise held, every fault landed and healed' },
  { code: 1, meaning: 'violation: a documented promise was broken' },
  { code: 2, meaning: 'usage: the command line or a scenario file is wrong' },
  { code: 3, meaning: 'invalid or inconclusive: nothing is proven; also a machine that lacks something' },
  { code: 4, meaning: 'budget: no promise was broken, but a performance budget was exceeded' },
  { code: 130, meaning: 'interrupted from the keyboard' },
];

export function exitCodeTable(): string {
  const lines = exitCodeMeanings.map(({ code, meaning }) => `  ${String(code).padStart(3)}  ${meaning}`);
  return ['Exit codes:', ...lines].join('\n');
}
