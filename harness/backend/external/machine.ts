import type { Endpoint } from '../../topology/endpoint.ts';
import { nodeName } from '../../topology/topology.ts';
import type { Machine } from '../backend.ts';

/** A server that somebody else runs: it has an address, and nothing else can be done to it from here. */
export function foreignMachine(endpoint: Endpoint): Machine {
  const name = nodeName(endpoint.sid);
  const notOurs = async (): Promise<never> => {
    throw new Error(`${name} is not ours to start, stop or look into`);
  };
  return {
    sid: endpoint.sid,
    name,
    endpoint,
    logFile: '',
    start: notOurs,
    signal: notOurs,
    state: notOurs,
    ended: notOurs,
    thawAt: notOurs,
    wipe: notOurs,
    plant: notOurs,
    storedFiles: notOurs,
    damage: notOurs,
    repair: notOurs,
    keepData: async () => undefined,
  };
}
