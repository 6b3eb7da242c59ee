import { usage } from '../base/trouble.ts';
import type { TopologyInput } from './topology.ts';

/** "3" or "3+2", voters and observers, as a topology is written in a word; throws a usage `Trouble` for anything else. */
export function parseTopology(word: string): TopologyInput {
  const [, voters, observers = '0'] = /^(\d)(?:\+(\d))?$/.exec(word) ?? [];
  if (voters !== undefined) return { voters: Number(voters), observers: Number(observers) };
  throw usage(`topology "${word}"`, 'no such thing', 'write voters, or voters+observers: 3, 5, 3+2');
}
