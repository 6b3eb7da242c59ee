import type { Model } from './model.ts';
import { kv } from './models/kv.ts';
import { mutex } from './models/mutex.ts';
import { queue } from './models/queue.ts';
import { casRegister, register } from './models/register.ts';
import { set } from './models/set.ts';

/** Our models, for programs of your own: used with these very objects, the engines know more about them than the functions say. */
export const models: Readonly<Record<'register' | 'cas' | 'kv' | 'set' | 'queue' | 'mutex', Model>> = {
  register,
  cas: casRegister,
  kv: kv as Model,
  set: set as Model,
  queue: queue as Model,
  mutex: mutex as Model,
};
