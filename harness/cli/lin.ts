import { type Command, Option } from 'commander';
import { usage } from '../base/trouble.ts';
import { knownModels } from '../lin/catalogue.ts';
import { checkHistory, defaultLimits, type LinVerdict } from '../lin/check.ts';
import { place, type ShownCall } from '../lin/explain/counterexample.ts';
import { callWords, jsonValue, valueWords } from '../lin/explain/words.ts';
import type { LinHistory } from '../lin/history.ts';
import { loadModel } from '../lin/load-model.ts';
import { type Reading, readings } from '../lin/read/arrow.ts';
import { readHistoryFor } from '../lin/read/read-history.ts';
import { colours as pc } from './colours.ts';

const modelNames = knownModels.map(({ name }) => name);

interface LinOptions {
  model: string;
  independent?: boolean;
  failedCas: 'observe' | 'ignore';
  initial?: string;
  reads: Reading;
  timeout: string;
  memory: string;
  threads?: string;
  json?: boolean;
}

export function addLin(gauntlet: Command): void {
  gauntlet
    .command('lin')
    .description(
      'judge a history by values alone: is it linearizable? (Jepsen EDN or log, Porcupine KV, Arrow)',
    )
    .argument('<file>', 'history')
    .requiredOption('--model <name>', `${modelNames.join(', ')}, or a file like ./my-model.ts`)
    .option('--independent', 'values are [key value], and every key is judged by itself')
    .addOption(
      new Option('--failed-cas <how>', 'a failed cas saw another value, or says nothing')
        .choices(['observe', 'ignore'])
        .default('observe'),
    )
    .option('--initial <value>', 'what a register holds at first, if not nil')
    .addOption(
      new Option('--reads <how>', 'how old a plain ZooKeeper read may be (Arrow)')
        .choices([...readings])
        .default('promised'),
    )
    .option('--timeout <seconds>', 'end with unknown after that', '60')
    .option('--memory <mb>', 'what searches may remember', '1024')
    .option('--threads <n>', 'helpers for long searches (default: one a core)')
    .option('--json', 'print one JSON object and nothing else')
    .action(linCommand);
}

const exitCodes: Record<LinVerdict['verdict'], number> = { ok: 0, violation: 1, unknown: 3 };

async function linCommand(path: string, options: LinOptions): Promise<void> {
  const limits = {
    timeoutMs: positive('--timeout', options.timeout) * 1000,
    memoryBytes: positive('--memory', options.memory) * 2 ** 20,
    threads:
      options.threads === undefined ? defaultLimits.threads : wholeNumber('--threads', options.threads),
  };
  const known = await loadModel(options.model);
  const { history, notes, incomplete } = readHistoryFor(path, known, {
    independent: options.independent ?? false,
    ignoreFailedCas: options.failedCas === 'ignore',
    initial: options.initial,
    reading: options.reads,
  });
  const verdict: LinVerdict =
    incomplete === undefined
      ? await checkHistory(history, known.model, limits)
      : { verdict: 'unknown', calls: history.length, parts: 0, reason: incomplete, undecided: [] };
  const text = options.json
    ? JSON.stringify(jsonOf(path, options.model, history, verdict, notes))
    : linesOf(history, verdict, notes).join('\n');
  process.stdout.write(`${text}\n`);
  process.exitCode = exitCodes[verdict.verdict];
}

function positive(option: string, text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw usage(`${option} ${text}`, 'not a number above 0', `write ${option} 60, say`);
  return value;
}

function wholeNumber(option: string, text: string): number {
  if (!/^\d+$/.test(text)) throw usage(`${option} ${text}`, 'not a whole number', `write ${option} 2, say`);
  return Number(text);
}

function linesOf(history: LinHistory, verdict: LinVerdict, notes: readonly string[]): string[] {
  const lines = headOf(verdict);
  if (verdict.verdict === 'violation') {
    const { calls, why } = verdict.counterexample!;
    const rows = calls.map((shown) => rowOf(history, shown));
    const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]!.length)));
    for (const [when, who, what] of rows)
      lines.push(`  ${when!.padEnd(widths[0]!)}  ${who!.padEnd(widths[1]!)}  ${what}`);
    lines.push(why);
  }
  return [...lines, ...notes.map((note) => pc.dim(`note: ${note}`))];
}

function headOf(verdict: LinVerdict): string[] {
  const among = `${count(verdict.calls, 'call')} in ${count(verdict.parts, 'part')}`;
  switch (verdict.verdict) {
    case 'ok':
      return [`${pc.green('ok')}  ${among}: each part has a legal order`];
    case 'violation': {
      const { part, counterexample } = verdict;
      const where = part === null ? '' : ` of ${valueWords(part)}`;
      return [
        `${pc.red('violation')}  ${among}: these ${counterexample!.calls.length}${where} have no legal order`,
      ];
    }
    case 'unknown': {
      const { undecided, reason } = verdict;
      const which =
        undecided.length === 0
          ? ''
          : ` (undecided: ${undecided.slice(0, 5).map(valueWords).join(', ')}${undecided.length > 5 ? ', ...' : ''})`;
      return [`${pc.yellow('unknown')}  ${among}: ${reason}${which}`];
    }
  }
}

function rowOf(history: LinHistory, shown: ShownCall): [string, string, string] {
  const taken = {
    recorded: '',
    optional: '  (whether it took effect is left open here)',
    weaker: '  (only a part of this is needed)',
  }[shown.taken];
  return [place(history, shown.index), `process ${shown.process}`, `${callWords(shown.call)}${taken}`];
}

const count = (n: number, what: string) => `${n.toLocaleString('en')} ${what}${n === 1 ? '' : 's'}`;

function jsonOf(
  file: string,
  model: string,
  history: LinHistory,
  verdict: LinVerdict,
  notes: readonly string[],
) {
  const head = { file, model, verdict: verdict.verdict, calls: verdict.calls, parts: verdict.parts, notes };
  if (verdict.verdict === 'ok') return head;
  if (verdict.verdict === 'unknown')
    return { ...head, reason: verdict.reason, undecided: verdict.undecided.map(jsonValue) };
  const { why, calls } = verdict.counterexample!;
  const counterexample = calls.map(({ process, call, invoked, returned, taken }) => ({
    process,
    f: call.f,
    input: jsonValue(call.input),
    output: jsonValue(call.output),
    outcome: call.outcome,
    invoked: Number.isFinite(invoked) ? invoked : null,
    returned,
    taken,
  }));
  return { ...head, part: jsonValue(verdict.part), why, unit: history.unit, counterexample };
}
