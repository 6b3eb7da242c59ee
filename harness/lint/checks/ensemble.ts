import type { Ensemble, Peer, Server } from '../model.ts';
import { isLoopback, listIsWhole, numberOf, ownPeer, peersOf, settingOf, sidOf, valueIn } from '../server.ts';
import { type Check, type Found, listed, perEnsemble } from './check.ts';

/** What only shows when the files of several servers lie side by side. */
export const ensembleChecks: readonly Check[] = [
  {
    id: 'id-taken-twice',
    severity: 'error',
    about: 'two servers with the same id',
    effect:
      'both want the address of that id\'s line: the wrong one cannot listen there and exits with 14 ("Cannot assign ' +
      'requested address"), or with quorumListenOnAllIPs=true goes on looking for a leader and breaks the others\' connections',
    remedy:
      "give each server the N of its own line; in a StatefulSet compute it from the pod's name or index",
    source: 'QuorumCnxManager.Listener, receiveConnection',
    find: perEnsemble((ensemble) =>
      groupBy(ensemble, (server) => sidOf(server)).flatMap(([sid, servers]) =>
        findEach(servers, (server) =>
          server.id.kind === 'text'
            ? {
                place: server.id.place,
                what: `id ${sid} is taken by ${listed(servers.map(({ name }) => name))}`,
              }
            : undefined,
        ),
      ),
    ),
  },
  {
    id: 'lists-differ',
    severity: 'error',
    about: 'servers of one ensemble with different server lists',
    effect:
      'each server counts the quorum of its own list. Lists of three and of five make two leaders in the same epoch, ' +
      "both take writes, different ones under the same zxids; a server that is in nobody else's list never joins",
    remedy: 'give all servers the same list; add servers one at a time, or with reconfig',
    source: 'QuorumMaj.containsQuorum',
    find: perEnsemble(listsDiffer),
  },
  {
    id: 'limits-differ',
    severity: 'warning',
    about: 'servers of one ensemble with a different tickTime, initLimit or syncLimit',
    effect:
      'a leader speaks every half of its own tick, a follower leaves after tickTime × syncLimit of its own: a follower ' +
      'with shorter limits leaves the leader again and again ("Read timed out"), and drops its clients each time',
    remedy: 'give all servers the same tickTime, initLimit and syncLimit',
    source: 'Leader.lead; Learner.connectToLeader',
    find: perEnsemble((ensemble) =>
      ['tickTime', 'initLimit', 'syncLimit'].flatMap((key): Found[] => {
        const known = ensemble.filter((server) => numberOf(server, key) !== undefined);
        const first = known[0] === undefined ? undefined : valueIn(known[0], key);
        return known
          .filter((server) => valueIn(server, key) !== first)
          .map((server) => ({
            place: settingOf(server, key)!.place,
            what: `${key} is ${valueIn(server, key)} here and ${first} on ${known[0]!.name}`,
          }));
      }),
    ),
  },
  {
    id: 'data-dir-shared',
    severity: 'error',
    about: 'two servers that store their data in the same place',
    effect:
      'there is one myid for both, so that both have the same id, and both write the same epochs and logs: one of ' +
      'them ends with "Cannot assign requested address" or "Address already in use", or they spoil each other\'s data',
    remedy: 'give every server a dataDir (a volume) of its own',
    source: 'QuorumPeerConfig.setupMyId',
    find: ({ servers }) =>
      groupBy(servers, (server) => {
        const machine = machineOf(server);
        return server.storage === null || machine === undefined ? undefined : `${machine} ${server.storage}`;
      }).flatMap(([, sharing]) =>
        findEach(ofOwnId(sharing), (server) => ({
          place: settingOf(server, 'dataDir')?.place ?? server.place,
          what: `${server.storage} is the data of ${listed(sharing.map(({ name }) => name))}`,
        })),
      ),
  },
  {
    id: 'client-port-shared',
    severity: 'error',
    about: 'two servers on one machine with the same client port',
    effect: 'the second to start exits with 1: "Address already in use"',
    remedy: 'give each its own clientPort (2181, 2182, …)',
    source: 'NIOServerCnxnFactory.configure',
    find: perEnsemble((ensemble) =>
      groupBy(ensemble, (server) => {
        const own = ownPeer(server);
        const port = own?.clientPort ?? valueIn(server, 'clientPort');
        return own === undefined || port === undefined || server.ownNetwork
          ? undefined
          : `${own.host} ${port}`;
      }).flatMap(([, sharing]) =>
        findEach(ofOwnId(sharing), (server) => ({
          place: settingOf(server, 'clientPort')?.place ?? ownPeer(server)!.setting.place,
          what: `port ${valueIn(server, 'clientPort')} of ${ownPeer(server)!.host} is for clients of ${listed(sharing.map(({ name }) => name))}`,
        })),
      ),
    ),
  },
];

/** A zoo.cfg of another machine may name the same directory: only its address, or its file, tells which machine it is. */
function machineOf(server: Server): string | undefined {
  if (server.scope !== '') return server.scope;
  const peers = peersOf(server);
  const host = ownPeer(server)?.host;
  if (host !== undefined && !isLoopback(host)) return host;
  return peers.length > 0 && peers.every((peer) => isLoopback(peer.host)) ? 'this machine' : undefined;
}

/** With the same id two zoo.cfg have the same address only because one of the ids is wrong. */
function ofOwnId(servers: readonly Server[]): Server[] {
  return servers.filter((server, index) => {
    const sid = sidOf(server);
    const same = (other: Server) => sidOf(other) === sid && other.scope === '';
    return sid === undefined || !servers.slice(0, index).some(same);
  });
}

/** The lists as they were meant: which id, where, on which ports, with a vote or without; own wildcards left aside. */
function listsDiffer(ensemble: Ensemble): Found[] {
  const readable = ensemble.filter((server) => listIsWhole(server) && peersOf(server).length > 0);
  const [first, ...others] = readable;
  if (first === undefined) return [];
  return others.flatMap((server): Found[] => {
    const difference = differenceOf(first, server);
    return difference === undefined
      ? []
      : [{ place: difference.place, what: `${difference.what}; ${first.name} and ${server.name} disagree` }];
  });
}

function differenceOf(first: Server, second: Server): Found | undefined {
  const [before, after] = [bySid(first), bySid(second)];
  for (const peer of before.values()) {
    const other = after.get(peer.sid);
    if (other === undefined)
      return { place: peersOf(second)[0]!.setting.place, what: `server.${peer.sid} is not in this list` };
    if (wordsOf(peer) !== wordsOf(other) && !isSpecial(peer) && !isSpecial(other))
      return {
        place: other.setting.place,
        what: `server.${peer.sid} is ${wordsOf(other)} here and ${wordsOf(peer)} there`,
      };
  }
  const extra = [...after.values()].find(({ sid }) => !before.has(sid));
  return extra && { place: extra.setting.place, what: `server.${extra.sid} is in this list alone` };
}

const bySid = (server: Server) => new Map(peersOf(server).map((peer) => [peer.sid, peer]));
const wordsOf = ({ host, quorumPort, electionPort, observer }: Peer) =>
  `${host}:${quorumPort}:${electionPort}${observer ? ':observer' : ''}`;
/** 0.0.0.0 and localhost have checks of their own. */
const isSpecial = ({ host }: Peer) => host === '0.0.0.0' || isLoopback(host);

/** Servers that have the same of something, two or more. */
function groupBy<K>(servers: readonly Server[], keyOf: (server: Server) => K | undefined): [K, Server[]][] {
  const groups = new Map<K, Server[]>();
  for (const server of servers) {
    const key = keyOf(server);
    if (key !== undefined) groups.set(key, [...(groups.get(key) ?? []), server]);
  }
  return [...groups].filter(([, members]) => members.length > 1);
}

/** One finding for each of them but the first, which may be the one that is right. */
function findEach(servers: readonly Server[], find: (server: Server) => Found | undefined): Found[] {
  return servers.slice(1).flatMap((server) => find(server) ?? []);
}
