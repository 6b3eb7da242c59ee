import { expect, test, vi } from 'vitest';
import { main } from '../../harness/cli/main.ts';

async function said(...words: string[]): Promise<{ code: number; error: string }> {
  const lines: string[] = [];
  const spy = vi.spyOn(process.stderr, 'write').mockImplementation((text) => lines.push(String(text)) > 0);
  const code = await main(['elections', ...words]).finally(() => spy.mockRestore());
  return { code, error: lines.join('') };
}

test.each([
  [['--cause', 'kill-leadr'], '--cause kill-leadr: no such cause'],
  [['--times', '0'], '--times 0: not a number of elections'],
  [['--times', 'many'], '--times many: not a number of elections'],
  [['--nodes', '4'], '--nodes'],
  [['--seed', 'x'], '--seed x: not a seed'],
])('%j is named, with what would be right', async (words, start) => {
  const { code, error } = await said(...words);
  expect(code).toBe(2);
  expect(error).toContain(start);
});
