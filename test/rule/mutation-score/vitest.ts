import { expect } from 'vitest';

/** Stands in for vitest: collects the tests of a file, so that they can be run many times in one process. */
export interface Collected {
  name: string;
  body(): unknown;
}

export const collected: Collected[] = [];
let within: string[] = [];

export { expect };
export const afterAll = (): void => undefined;

export function test(name: string, body: () => unknown): void {
  collected.push({ name: [...within, name].join(' > '), body });
}
test.each =
  (rows: readonly unknown[]) =>
  (name: string, body: (...row: unknown[]) => unknown): void => {
    for (const [at, row] of rows.entries()) {
      test(`${name} (${at})`, () => body(...(Array.isArray(row) ? row : [row])));
    }
  };

export function describe(name: string, body: () => void): void {
  const outer = within;
  within = [...outer, name];
  body();
  within = outer;
}
