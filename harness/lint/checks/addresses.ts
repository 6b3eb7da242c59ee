import { atLeast } from '../../topology/version.ts';
import type { Peer, Server } from '../model.ts';
import {
  isLoopback,
  isWildcard,
  listIsWhole,
  ownPeer,
  peersOf,
  settingOf,
  sidOf,
  valueIn,
  votersIn,
} from '../server.ts';
import { at, type Check, type Found, perServer, quoted } from './check.ts';

const place = ({ setting }: Peer) => setting.place;

/** Where a server listens, and where the others and its clients look for it. */
export const addressChecks: readonly Check[] = [
  {
    id: 'wildcard-address',
    severity: 'error',
    about: '0.0.0.0 as the address of another server',
    effect:
      'the server looks for the other one on itself ("We got a connection request from a server with our own ID") and ' +
      'never finds it',
    remedy: 'write the address or the name under which the others reach that server',
    source: 'QuorumCnxManager.connectOne',
    find: perServer((server) => {
      const wild = peersOf(server).filter(({ host }) => isWildcard(host));
      const own = sidOf(server);
      // Without an id, one wildcard may be its own.
      const others =
        own === undefined ? (wild.length > 1 ? wild : []) : wild.filter(({ sid }) => sid !== own);
      return others.map((peer) => ({
        place: place(peer),
        what: `"${quoted(peer.setting)}" is no address to reach ${peer.setting.key}`,
      }));
    }),
  },
  {
    id: 'own-wildcard-unreachable',
    severity: 'error',
    about: "0.0.0.0 as a server's own address, with a release or a setting that passes it on to the others",
    effect:
      '3.5.0 to 3.5.7 and 3.6.0 tell the others to call back at 0.0.0.0, and servers with lower ids never join ' +
      "(ZOOKEEPER-2164). With reconfigEnabled=true every release writes one server's list into the files of all, 0.0.0.0 included",
    remedy: 'write the own address like the others do; to listen everywhere set quorumListenOnAllIPs=true',
    source: 'ZOOKEEPER-2164; QuorumPeer.setQuorumVerifier',
    find: perServer((server) => ownWildcard(server, true)),
  },
  {
    id: 'own-wildcard',
    severity: 'warning',
    about: "0.0.0.0 as a server's own address",
    effect:
      'it elects and serves with this release, but the lists differ from server to server: /zookeeper/config, which ' +
      'clients and tools read, names 0.0.0.0 for the server that answers',
    remedy: 'write the own address like the others do; to listen everywhere set quorumListenOnAllIPs=true',
    source: 'QuorumPeer.initConfigInZKDatabase',
    find: perServer((server) => ownWildcard(server, false)),
  },
  {
    id: 'loopback-address',
    severity: 'error',
    about: 'localhost in a list with other machines, or in the list of containers',
    effect:
      "a server listens on its own line's address: on localhost nobody reaches it. It stays without a leader, and as " +
      "another server's address localhost is the reader itself",
    remedy: 'write the address or the name under which the others reach that server',
    source: 'QuorumCnxManager.Listener',
    find: perServer((server) => {
      const peers = peersOf(server);
      const loopback = peers.filter(({ host }) => isLoopback(host));
      const alone = peers.length < 2 || (loopback.length === peers.length && !server.ownNetwork);
      return alone
        ? []
        : loopback.map((peer) => ({
            place: place(peer),
            what: `"${quoted(peer.setting)}" is reached by nobody else`,
          }));
    }),
  },
  {
    id: 'no-client-port',
    severity: 'error',
    about: 'no port for clients',
    effect:
      '3.4 exits with 2 ("clientPort is not set"); later releases elect a leader, look healthy, and listen to no client',
    remedy:
      'set clientPort=2181, or write ";2181" behind each server (in ZOO_SERVERS of the official image from 3.5 on)',
    source: 'QuorumPeerConfig.setupClientPort',
    find: perServer(noClientPort),
  },
  {
    id: 'client-port-differs',
    severity: 'error',
    about: 'a clientPort that is not the one behind ";" in the server\'s own line',
    effect: 'the server exits with 2: "client address for this server … is different"',
    remedy: 'keep one of the two',
    source: 'QuorumPeerConfig.setupClientPort',
    find: perServer((server) => {
      const own = ownPeer(server)?.clientPort;
      return own === undefined
        ? []
        : at(settingOf(server, 'clientPort'), (value) =>
            Number(value) !== own ? `clientPort is ${value}, and its line in the list says ${own}` : false,
          );
    }),
  },
  {
    id: 'client-port-taken',
    severity: 'error',
    about: "the client port is also the server's quorum or election port",
    effect:
      'the server binds it for clients first, and cannot listen for votes: "Address already in use", exit 14',
    remedy: 'use 2181 for clients, 2888 for followers and 3888 for elections',
    source: 'QuorumCnxManager.Listener',
    find: perServer((server) => {
      const own = ownPeer(server);
      const client = own?.clientPort ?? Number(valueIn(server, 'clientPort'));
      if (own === undefined || ![own.quorumPort, own.electionPort].includes(client)) return [];
      const role = client === own.electionPort ? 'election' : 'quorum';
      const at = own.clientPort === undefined ? settingOf(server, 'clientPort')!.place : place(own);
      return [{ place: at, what: `port ${client} is for clients and its ${role} port as well` }];
    }),
  },
];

function ownWildcard(server: Server, passedOn: boolean): Found[] {
  const wild = peersOf(server).filter(({ host }) => isWildcard(host));
  const own = sidOf(server);
  const peer =
    own === undefined ? (wild.length === 1 ? wild[0] : undefined) : wild.find(({ sid }) => sid === own);
  if (peer === undefined || votersIn(peersOf(server)).length < 2) return [];
  const { release } = server;
  const bug = (atLeast(release, '3.5.0') && !atLeast(release, '3.5.8')) || release === '3.6.0';
  const reconfig = /^true$/i.test(valueIn(server, 'reconfigEnabled') ?? '');
  if ((bug || reconfig) !== passedOn) return [];
  const why = passedOn ? `, with ${bug ? release : 'reconfigEnabled=true'}` : '';
  return [{ place: place(peer), what: `"${quoted(peer.setting)}" is its own line${why}` }];
}

function noClientPort(server: Server): Found[] {
  const elsewhere = ['clientPort', 'secureClientPort', 'dynamicConfigFile'];
  if (!listIsWhole(server) || elsewhere.some((key) => settingOf(server, key) !== undefined)) return [];
  const own = ownPeer(server);
  // Who is in no line of the list has another check; the others' lines show what was meant.
  const mine = own === undefined ? peersOf(server) : [own];
  if (mine.length > 0 && mine.every(({ clientPort }) => clientPort !== undefined)) return [];
  const where = mine[0]?.setting.place ?? server.place;
  const line = mine.length > 0 ? `"${quoted(mine[0]!.setting)}" has no ";2181", and ` : '';
  return [{ place: where, what: `${line}clientPort is not set` }];
}
