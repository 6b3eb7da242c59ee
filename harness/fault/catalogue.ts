import { findNamed } from '../base/find-named.ts';
import { commandFault } from './command.ts';
import type { Fault } from './fault.ts';
import { fullDisk } from './full-disk.ts';
import { isolate } from './isolate.ts';
import { kill, stop } from './kill.ts';
import { bridge, partition } from './partition.ts';
import { pause } from './pause.ts';
import { restart } from './restart.ts';
import { spoil } from './spoil.ts';
import { wipe } from './wipe.ts';

/** Every fault there is, in the order `gauntlet list faults` prints them. */
export const faults: readonly Fault[] = [
  kill,
  stop,
  restart,
  wipe,
  spoil,
  fullDisk,
  pause,
  isolate,
  partition,
  bridge,
  commandFault,
];

export const faultNamed = (name: string, field = 'fault'): Fault =>
  findNamed(faults, name, { field, kind: 'fault' });
