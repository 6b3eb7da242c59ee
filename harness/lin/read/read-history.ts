import { messageOf, usage } from '../../base/trouble.ts';
import type { KnownModel } from '../catalogue.ts';
import type { LinHistory } from '../history.ts';
import { HistoryBuilder } from '../history-builder.ts';
import { ValueTable } from '../values.ts';
import { type Reading, readArrow } from './arrow.ts';
import { valueIn } from './edn.ts';
import { formatOf } from './format.ts';
import { readJepsenEdn } from './jepsen-edn.ts';
import { readJepsenLog } from './jepsen-log.ts';

export interface ReadOptions {
  /** Values are `[key value]`. */
  independent: boolean;
  /** A failed compare-and-set says nothing, instead of that the value was another one. */
  ignoreFailedCas: boolean;
  /** EDN; what registers hold at first. */
  initial: string | undefined;
  reading: Reading;
}

export interface ReadHistory {
  history: LinHistory;
  /** What a reader of the verdict should know. */
  notes: string[];
  /** Why the history cannot be judged. */
  incomplete: string | undefined;
}

/** Models whose initial value can be chosen, and which an Arrow history can be judged by. */
const registers = ['register', 'cas'];

export function readHistoryFor(
  path: string,
  known: Pick<KnownModel, 'model'> & Partial<KnownModel>,
  { independent, ignoreFailedCas, initial, reading }: ReadOptions,
): ReadHistory {
  const name = known.name ?? 'of your own';
  if (initial !== undefined && !registers.includes(name))
    throw usage('--initial', `the model ${name} does not take it`, `it is for ${registers.join(' and ')}`);
  if (initial !== undefined) checkInitial(initial);
  const format = formatOf(path);
  if (format === 'arrow') return asRead(path, name, reading);
  const words = {
    model: name,
    operations: known.model.operations,
    aliases: known.aliases ?? {},
    observesFailure: ignoreFailedCas ? [] : (known.model.observesFailure ?? []),
    independent,
    initial,
    atoms: known.atoms,
    wrongInput: known.wrongInput,
    wrongOutput: known.wrongOutput,
  };
  const none = { notes: [], incomplete: undefined };
  if (format === undefined) return { history: new HistoryBuilder('line').finish(), ...none };
  return { history: format === 'edn' ? readJepsenEdn(path, words) : readJepsenLog(path, words), ...none };
}

function checkInitial(text: string): void {
  try {
    valueIn(text, new ValueTable());
  } catch (error) {
    throw usage(`--initial ${text}`, messageOf(error), 'write a value as it stands in the file', error);
  }
}

function asRead(path: string, model: string, reading: Reading): ReadHistory {
  if (!registers.includes(model))
    throw usage(
      `--model ${model}`,
      'a history of ours is judged as registers, one a path',
      'use --model register',
    );
  const { history, torn, skippedPaths } = readArrow(path, reading);
  return {
    history,
    notes:
      skippedPaths > 0
        ? [`${skippedPaths} paths were left out: their nodes end by themselves, or nobody created them here`]
        : [],
    incomplete: torn ? 'the file lacks its end, so calls may be missing' : undefined,
  };
}
