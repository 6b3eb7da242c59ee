import type { Decision } from './chains/decision.ts';
import { decideQueue } from './chains/queue-order.ts';
import { decideRegister } from './chains/register-chains.ts';
import type { Scratch } from './chains/scratch.ts';
import { decideSet } from './chains/set-chains.ts';
import type { Relaxations } from './explain/relax.ts';
import type { LinHistory } from './history.ts';
import type { Model } from './model.ts';
import { reduceKv } from './models/reduce-kv.ts';
import { reduceRegister } from './models/reduce-register.ts';
import { relaxKv } from './models/relax-kv.ts';
import { relaxRegister } from './models/relax-register.ts';
import { models } from './models.ts';
import type { Part } from './partition.ts';
import type { Reduce } from './search/reduction.ts';
import { nil, type ValueTable } from './values.ts';

/** A model with what we know about it beyond its four functions. */
export interface KnownModel {
  readonly name: string;
  readonly about: string;
  readonly model: Model;
  /** Other names of its operations, in the files of others. */
  readonly aliases: Readonly<Record<string, string>>;
  /** Decides by values alone, where it can. */
  readonly decide?: (history: LinHistory, part: Part, scratch: () => Scratch) => Decision;
  readonly reduce?: Reduce;
  readonly relaxations?: Relaxations;
  /** Whether a file's values are atoms, so that a collection most likely is a key and a value. */
  readonly atoms?: boolean;
  /** What is wrong with what a call was given or gave, if anything. */
  readonly wrongInput?: WrongValue;
  readonly wrongOutput?: WrongValue;
}

/** `value`: an id. */
export type WrongValue = (f: string, value: number, values: ValueTable) => string | undefined;

const notPair: WrongValue = (f, input, values) =>
  f !== 'cas' || (values.kindOf(input) === 'vector' && values.itemCount(input) === 2)
    ? undefined
    : 'a cas of what is not [from to]';

const notCollection: WrongValue = (f, output, values) =>
  f !== 'read' || output === nil || ['set', 'vector'].includes(values.kindOf(output))
    ? undefined
    : 'a read of what is neither a set nor a list';

const registerAliases = { get: 'read', put: 'write', set: 'write' };

export const knownModels: readonly KnownModel[] = [
  {
    name: 'register',
    about: 'one value, nil at first: read, write',
    model: models.register,
    aliases: registerAliases,
    decide: decideRegister,
    reduce: reduceRegister,
    relaxations: relaxRegister,
    atoms: true,
    wrongInput: notPair,
  },
  {
    name: 'cas',
    about: 'a register with compare-and-set: read, write, cas [from to]',
    model: models.cas,
    aliases: { ...registerAliases, 'compare-and-set': 'cas' },
    decide: decideRegister,
    reduce: reduceRegister,
    relaxations: relaxRegister,
    atoms: true,
    wrongInput: notPair,
  },
  {
    name: 'kv',
    about: 'texts by :key, empty at first: get, put, append',
    model: models.kv,
    aliases: { read: 'get', write: 'put' },
    reduce: reduceKv,
    relaxations: relaxKv,
  },
  {
    name: 'set',
    about: 'a set, read as a whole: add, remove, read',
    model: models.set,
    aliases: { insert: 'add', delete: 'remove' },
    decide: decideSet,
    wrongOutput: notCollection,
  },
  {
    name: 'queue',
    about: 'first in, first out; nil from an empty one: enqueue, dequeue',
    model: models.queue,
    aliases: { enq: 'enqueue', deq: 'dequeue' },
    decide: decideQueue,
  },
  {
    name: 'mutex',
    about: 'a lock, free at first: acquire, release',
    model: models.mutex,
    aliases: { lock: 'acquire', unlock: 'release' },
  },
];

/** What is known about a model; for one of a user, nothing but itself. */
export function knownModel(model: Model): { model: Model } & Partial<KnownModel> {
  return knownModels.find((known) => known.model === model) ?? { model };
}
