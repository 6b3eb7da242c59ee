import { usage } from '../base/trouble.ts';
import type { TopologyInput } from './topology.ts';

/** "3" or "3+2", voters and observers, as a topology is written in a word; throws a usage `Trouble` for anything else. */
export function parseTopology(word: string): TopologyInput {
  const [, voters, observers = '0'] = /^(\d)(?:\+(\d))?$/.exec(word) ?? [];
  if (voters !== undefined) return { voters: Number(voters), observers: Number(observers) };
  throw usage(`topology "${word}"`, 'no such thing', 'write voters, or voters+observers: 3, 5, 3+2');
}

/** What is asked for: a compose file of servers ("3+2"), of brokers above them too ("kafka 3"), or manifests of both. */
export interface Layers {
  form: 'compose' | 'kubernetes';
  topology: TopologyInput;
}

/** "3+2", "kafka 3" or "kubernetes 3"; with a broker for each voter. Throws a usage `Trouble` for anything else. */
export function parseLayers(words: readonly string[]): Layers {
  const [first = '', second, ...more] = words;
  if (second === undefined) return { form: 'compose', topology: parseTopology(first) };
  if (!['kafka', 'kubernetes'].includes(first) || more.length > 0) {
    const remedy = 'write a topology, or "kafka" or "kubernetes" before it: 3, 3+2, kafka 3, kubernetes 3';
    throw usage(`topology "${words.join(' ')}"`, 'no such thing', remedy);
  }
  const servers = parseTopology(second);
  return {
    form: first === 'kubernetes' ? 'kubernetes' : 'compose',
    topology: { ...servers, kafka: { brokers: servers.voters } },
  };
}
