import { usage } from '../base/trouble.ts';
import type { TopologyInput } from './topology.ts';

/** "3" or "3+2", voters and observers, as a topology is written in a word; throws a usage `Trouble` for anything else. */
export function parseTopology(word: string): TopologyInput {
  const [, voters, observers = '0'] = /^(\d)(?:\+(\d))?$/.exec(word) ?? [];
  if (voters !== undefined) return { voters: Number(voters), observers: Number(observers) };
  throw usage(`topology "${word}"`, 'no such thing', 'write voters, or voters+observers: 3, 5, 3+2');
}

/** "3+2", or "kafka 3": the servers, and a broker for each voter above them. Throws a usage `Trouble` for anything else. */
export function parseLayers(words: readonly string[]): TopologyInput {
  const [first = '', second, ...more] = words;
  if (second === undefined) return parseTopology(first);
  if (first !== 'kafka' || more.length > 0) {
    const remedy = 'write a topology, or "kafka" before it: 3, 3+2, kafka 3';
    throw usage(`topology "${words.join(' ')}"`, 'no such thing', remedy);
  }
  const servers = parseTopology(second);
  return { ...servers, kafka: { brokers: servers.voters } };
}
