import { usage } from '../../base/trouble.ts';
import type { WrongValue } from '../catalogue.ts';
import type { LinHistory } from '../history.ts';
import { HistoryBuilder } from '../history-builder.ts';
import { nil } from '../values.ts';
import { damaged } from './damaged.ts';
import { valueIn } from './edn.ts';

/** What the words of a file mean to a model. */
export interface Vocabulary {
  /** The model's name, for words. */
  readonly model: string;
  /** Undefined: any name is taken as it is. */
  readonly operations: readonly string[] | undefined;
  /** Other names of the same operations. */
  readonly aliases: Readonly<Record<string, string>>;
  readonly observesFailure: readonly string[];
  /** Values are `[key value]`, as Jepsen's independent keys are written. */
  readonly independent: boolean;
  /** What registers hold at first, where that is not nil. EDN. */
  readonly initial?: string | undefined;
  /** Values are atoms: a collection most likely is a key and a value. */
  readonly atoms?: boolean | undefined;
  readonly wrongInput?: WrongValue | undefined;
  readonly wrongOutput?: WrongValue | undefined;
}

/** Who wrote what was there at first. */
const initialProcess = -1;

export type EventType = 'invoke' | 'ok' | 'fail' | 'info';

/** Between events that stand in one line. */
const tick = 2 ** -20;

/**
 * Puts invocations and completions of processes together into calls. The place in the file is the time: the line, and a
 * fraction for what comes later in it.
 */
export class CallFold {
  readonly builder = new HistoryBuilder('line');
  private readonly path: string;
  private readonly words: Vocabulary;
  private now = 0;
  private readonly initialised = new Set<number>();
  /** By process, its call without a completion. */
  private readonly open = new Map<number, number>();
  /** By the value id of an operation's name, its number. */
  private readonly codes = new Map<number, number>();
  /** By operation number, whether its failure is an observation. */
  private readonly observes: boolean[] = [];

  constructor(path: string, words: Vocabulary) {
    this.path = path;
    this.words = words;
  }

  event(type: EventType, process: number, name: number, key: number, value: number, line: number): void {
    this.now = Math.max(line, this.now + tick);
    if (type === 'invoke') this.invoke(process, name, key, value, line);
    else this.complete(type, process, name, value, line);
  }

  finish(): LinHistory {
    return this.builder.finish();
  }

  private complete(
    type: Exclude<EventType, 'invoke'>,
    process: number,
    name: number,
    value: number,
    line: number,
  ): void {
    const op = this.open.get(process);
    if (op === undefined) throw this.wrong(line, `process ${process} completes a call it did not invoke`);
    this.open.delete(process);
    if (this.builder.nameAt(op) !== this.codeOf(name, line))
      throw this.wrong(line, `process ${process} completes another operation than it invoked`);
    if (type === 'ok') this.succeed(op, this.payloadOf(value, line), line);
    else if (type === 'fail') this.fail(op);
  }

  private invoke(process: number, name: number, key: number, value: number, line: number): void {
    const f = this.codeOf(name, line);
    if (this.open.has(process))
      throw this.wrong(line, `process ${process} invokes before its last call ended`);
    const input = this.payloadOf(value, line);
    this.check(this.words.wrongInput, f, input, line);
    if (this.words.atoms && this.hasCollection(f, input))
      throw usage(
        `${this.path}: line ${line}`,
        `a ${this.builder.names[f]} of a collection`,
        'pass --independent if values are [key value]; a register of collections is for a model of your own',
      );
    const object = this.words.independent ? this.builder.values.item(value, 0) : key;
    this.initialise(object);
    this.open.set(process, this.builder.begin(process, f, object, input, this.now));
  }

  /** A value that was there before the first call is a write that returned before the first line. */
  private initialise(key: number): void {
    const { initial } = this.words;
    if (initial === undefined || this.initialised.has(key)) return;
    this.initialised.add(key);
    const value = valueIn(initial, this.builder.values);
    const op = this.builder.begin(initialProcess, this.builder.nameOf('write'), key, value, 0);
    this.builder.end(op, 'ok', nil, 0);
  }

  private succeed(op: number, output: number, line: number): void {
    this.check(this.words.wrongOutput, this.builder.nameAt(op), output, line);
    this.builder.end(op, 'ok', output, this.now);
  }

  private check(wrong: WrongValue | undefined, f: number, value: number, line: number): void {
    const reason = wrong?.(this.builder.names[f]!, value, this.builder.values);
    if (reason !== undefined)
      throw usage(`${this.path}: line ${line}`, reason, 'choose the model that fits with --model');
  }

  /** Whether a value, or one of those a compare-and-set names, is a collection. */
  private hasCollection(f: number, input: number): boolean {
    const { values, names } = this.builder;
    if (names[f] !== 'cas') return values.itemCount(input) > 0;
    return values.itemCount(values.item(input, 0)) + values.itemCount(values.item(input, 1)) > 0;
  }

  private fail(op: number): void {
    if (this.observes[this.builder.nameAt(op)]) this.builder.end(op, 'fail', nil, this.now);
    else this.builder.forget(op);
  }

  /** The part of a value that is no key. */
  private payloadOf(value: number, line: number): number {
    if (!this.words.independent) return value;
    const { values } = this.builder;
    if (values.kindOf(value) !== 'vector' || values.itemCount(value) !== 2)
      throw usage(`${this.path}: line ${line}`, 'the value is not [key value]', 'leave --independent out');
    return values.item(value, 1);
  }

  private codeOf(name: number, line: number): number {
    const known = this.codes.get(name);
    if (known !== undefined) return known;
    const { words, builder } = this;
    const said = String(builder.values.valueOf(name)).replace(/^:/, '');
    const meant = Object.hasOwn(words.aliases, said) ? words.aliases[said]! : said;
    if (words.operations !== undefined && !words.operations.includes(meant))
      throw usage(
        `${this.path}: line ${line}`,
        `the model ${words.model} has no operation "${said}", only ${words.operations.join(', ')}`,
        'choose the model that fits with --model',
      );
    const f = builder.nameOf(meant);
    this.observes[f] = words.observesFailure.includes(meant);
    this.codes.set(name, f);
    return f;
  }

  private wrong(line: number, reason: string) {
    return damaged(this.path, line, reason);
  }
}
