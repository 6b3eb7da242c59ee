import { findNamed } from '../base/find-named.ts';
import { everyOperation } from './every-operation.ts';
import { idle } from './idle.ts';
import { kinds } from './kinds.ts';
import { large } from './large.ts';
import { locks } from './locks.ts';
import { mixed } from './mixed.ts';
import { mortals } from './mortals.ts';
import { balance } from './recipes/balance.ts';
import { barrier } from './recipes/barrier.ts';
import { config } from './recipes/config.ts';
import { latch } from './recipes/latch.ts';
import { members } from './recipes/members.ts';
import { naming } from './recipes/naming.ts';
import { queue } from './recipes/queue.ts';
import { scripted } from './scripted.ts';
import type { Workload } from './workload.ts';

/** Every workload there is. */
export const workloads: readonly Workload[] = [
  mixed,
  locks,
  latch,
  barrier,
  queue,
  config,
  members,
  naming,
  balance,
  kinds,
  mortals,
  large,
  everyOperation,
  scripted,
  idle,
];

export const workloadNamed = (name: string, field = 'workload.use'): Workload =>
  findNamed(workloads, name, { field, kind: 'workload' });
