import { isCalled } from '../ensembles.ts';
import type { Server } from '../model.ts';
import { firstLine, isId, listIsWhole, ownPeer, peersOf, sidOf, votersIn } from '../server.ts';
import { type Check, listed, perServer, quoted } from './check.ts';
import { isDistributed } from './settings.ts';

/** Who a server is: myid, and its own line in the list. */
export const identityChecks: readonly Check[] = [
  {
    id: 'myid-missing',
    severity: 'error',
    about: 'a server list, and no myid in dataDir',
    effect: 'the server exits with 2: "myid file is missing". It looks in dataDir alone, never in dataLogDir',
    remedy: "echo 1 > dataDir/myid, with the N of the server's own server.N line",
    source: 'QuorumPeerConfig.checkValidity',
    find: perServer((server) =>
      server.id.kind === 'missing' && isDistributed(server)
        ? [{ place: server.id.place, what: server.id.why }]
        : [],
    ),
  },
  {
    id: 'myid-not-a-number',
    severity: 'error',
    about: 'a myid whose first line is not just a number: empty, with blanks, or text',
    effect:
      'the server exits with 2: "serverid … is not a number". Only the first line counts, so that a blank line before ' +
      'the number breaks it and one after it does nothing',
    remedy: 'write the number alone into the first line: echo 1 > myid',
    source: 'QuorumPeerConfig.setupMyId',
    find: perServer(({ id }) =>
      id.kind === 'text' && !isId(id.text)
        ? [
            {
              place: id.place,
              what: `the first line of ${id.written} is ${JSON.stringify(firstLine(id.text))}`,
            },
          ]
        : [],
    ),
  },
  {
    id: 'myid-not-in-list',
    severity: 'error',
    about: "an id that the server's own list does not have",
    effect: 'the server exits with 1: "My id … not in the peer list"',
    remedy: 'give it the N of its own server.N line, or add that line to the lists of all servers',
    source: 'QuorumPeer.start',
    find: perServer((server) => {
      const sid = sidOf(server);
      const peers = peersOf(server);
      if (sid === undefined || server.id.kind !== 'text' || peers.some((peer) => peer.sid === sid)) return [];
      if (!listIsWhole(server) || !isDistributed(server)) return [];
      const ids = listed(peers.map((peer) => peer.sid));
      return [{ place: server.id.place, what: `${server.id.written} is ${sid}, and the list has ${ids}` }];
    }),
  },
  {
    id: 'id-of-another',
    severity: 'error',
    about: 'an id whose line in the list names another machine',
    effect:
      'the server tries to listen on the other one\'s address ("Cannot assign requested address") and exits with 14; ' +
      'with ids exchanged all over no leader is found',
    remedy: "let the N in myid (ZOO_MY_ID) be the N of the line with the server's own name",
    source: 'QuorumCnxManager.Listener; ExitCode.UNABLE_TO_BIND_QUORUM_PORT since 3.5.6',
    find: perServer((server) => {
      const own = ownPeer(server);
      const { hosts, id } = server;
      if (own === undefined || hosts === null || id.kind !== 'text') return [];
      const mine = (host: string) => hosts.some((name) => isCalled(host, name));
      const other = server.localHosts.find((name) => !mine(name) && isCalled(own.host, name));
      if (mine(own.host) || other === undefined) return [];
      return [
        {
          place: id.place,
          what: `${id.written} is ${id.text.trim()}, and "${quoted(own.setting)}" is ${other}`,
        },
      ];
    }),
  },
  {
    id: 'unknown-host',
    severity: 'error',
    about: 'a list that names a machine which is not there',
    effect:
      'the server warns "Cannot open channel" for ever. The missing one counts as a voter: the ensemble tolerates fewer ' +
      'failures than it seems to',
    remedy: 'write the names of the services (pods) as they are, or start the missing server',
    source: 'QuorumCnxManager.connectOne',
    find: perServer((server) => {
      if (server.hosts === null || server.localHosts.length === 0) return [];
      const known = (host: string) => server.localHosts.some((name) => isCalled(host, name));
      const peers = peersOf(server);
      // Only where the list speaks of these machines at all; else its servers run elsewhere.
      if (!peers.some(({ host }) => known(host))) return [];
      return peers
        .filter(({ host }) => !known(host) && isLocalName(host, server))
        .map((peer) => ({
          place: peer.setting.place,
          what: `"${quoted(peer.setting)}" is no ${placesOf(server)}`,
        }));
    }),
  },
  {
    id: 'id-without-list',
    severity: 'error',
    about: 'a server with an id of an ensemble, and no list of one',
    effect:
      'the server runs in standalone mode and takes writes alone, whatever its id; without clientPort, as in the official ' +
      'image, an id other than 1 has no port for clients either',
    remedy:
      'give all servers the same list, with this server in it; a server that shall be alone needs no id',
    source: 'QuorumPeerMain.initializeAndRun',
    find: perServer((server) => {
      const sid = sidOf(server);
      if (sid === undefined || server.id.kind !== 'text' || !listIsWhole(server)) return [];
      const voters = votersIn(peersOf(server));
      const beside = server.settings.some(({ key }) => /^(group|weight|dynamicConfigFile)/.test(key));
      const lone = voters.length === 0 ? sid !== 1 : voters.length === 1 && voters[0]!.sid !== sid;
      if (!lone || isDistributed(server) || beside || peersOf(server).length > 1) return [];
      return [{ place: server.id.place, what: `${server.id.written} is ${sid}, and ${listWords(server)}` }];
    }),
  },
];

function listWords(server: Server): string {
  const [peer] = peersOf(server);
  if (peer === undefined) return 'there is no server list';
  const own = peer.setting.implied ? ', which the image sets,' : '';
  return `the only server in its list${own} is ${peer.sid}`;
}

/** A name without a domain, as services of a compose file have; or one like a pod's. */
function isLocalName(host: string, server: Server): boolean {
  if (server.scope.startsWith('namespace ')) {
    const set = server.localHosts[0]!.replace(/-\d+\..*$/, '');
    return new RegExp(`^${set.replaceAll(/[^\w-]/g, '\\$&')}-\\d+(\\.|$)`).test(host);
  }
  return /^[a-z][\w-]*$/i.test(host) && host !== 'localhost';
}

const placesOf = ({ scope }: Server) => (scope.startsWith('namespace ') ? 'pod' : 'service of this file');
