import { usage } from '../base/trouble.ts';
import { commandFault } from './command.ts';
import type { Fault } from './fault.ts';
import { isolate } from './isolate.ts';
import { kill, stop } from './kill.ts';
import { bridge, partition } from './partition.ts';
import { pause } from './pause.ts';
import { restart } from './restart.ts';
import { wipe } from './wipe.ts';

/** Every fault there is, in the order `gauntlet list faults` prints them. */
export const faults: readonly Fault[] = [
  kill,
  stop,
  restart,
  wipe,
  pause,
  isolate,
  partition,
  bridge,
  commandFault,
];

export function faultNamed(name: string, field = 'fault'): Fault {
  const fault = faults.find((candidate) => candidate.name === name);
  if (fault) return fault;
  throw usage(
    `${field} "${name}"`,
    'there is no such fault',
    `use one of ${faults.map((f) => f.name).join(', ')}`,
  );
}
