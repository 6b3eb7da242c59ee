import { atLeast } from '../../topology/version.ts';
import type { Peer, Server } from '../model.ts';
import {
  isWildcard,
  listIsWhole,
  ownPeer,
  peersOf,
  serverLines,
  settingOf,
  valueIn,
  votersIn,
} from '../server.ts';
import { isSeveral } from '../server-line.ts';
import { at, type Check, type Found, perServer, quoted } from './check.ts';

const place = ({ setting }: Peer) => setting.place;
const list = 'QuorumPeer.QuorumServer.initializeWithAddressString';

/** What is wrong with the list of servers in one file. */
export const serverListChecks: readonly Check[] = [
  {
    id: 'servers-without-ids',
    severity: 'error',
    about: 'servers listed as host:port:port, without "server.N=" before them',
    effect:
      'the server takes "zoo1" for the name of an unknown setting and finds no list: each server starts alone ' +
      '("running in standalone mode"), takes writes, and knows nothing of the others',
    remedy:
      'write server.1=zoo1:2888:3888, one line (one word in ZOO_SERVERS) a server, the same on all of them',
    source: 'QuorumPeerMain.initializeAndRun',
    find: perServer(({ settings }) =>
      settings
        .filter(({ key, value }) => value !== null && isServerAddress(key, value))
        .map(({ key, value, place }) => ({ place, what: `"${key}:${value}" has no "server.N=" before it` })),
    ),
  },
  {
    id: 'servers-in-one-line',
    severity: 'error',
    about: 'several servers in one line, with commas or semicolons between them',
    effect:
      'the whole line is one server that "does not have the form server_config": the server exits with 2',
    remedy: 'one line a server in zoo.cfg; in ZOO_SERVERS of the official image put blanks between them',
    source: list,
    find: perServer(({ settings }) =>
      settings
        .filter(({ key }) => key.startsWith('server.'))
        .flatMap((setting) =>
          at(setting, (value) => isSeveral(value) && `"${quoted(setting)}" names several servers`),
        ),
    ),
  },
  {
    id: 'server-line-form',
    severity: 'error',
    about:
      'a server line of the wrong form: a port missing, too many parts, a type that is none, an id that is no number',
    effect: 'the server exits with 2, and says which line in the log',
    remedy: 'write server.N=host:2888:3888, with :observer behind it for an observer',
    source: list,
    find: perServer((server) =>
      serverLines(server).flatMap((line): Found[] =>
        line.kind === 'wrong'
          ? [{ place: line.setting.place, what: `"${quoted(line.setting)}": ${line.reason}` }]
          : [],
      ),
    ),
  },
  {
    id: 'client-port-in-list-of-3.4',
    severity: 'error',
    about: '";2181" in the server list of a release before 3.5',
    effect: 'the server exits with 2: NumberFormatException for "3888;2181"',
    remedy: 'leave out what follows ";" and set clientPort, or take a newer release',
    source: 'QuorumPeerConfig.parseProperties of 3.4.14',
    find: perServer((server) =>
      atLeast(server.release, '3.5.0')
        ? []
        : peersOf(server)
            .filter(({ clientPort }) => clientPort !== undefined)
            .map((peer) => ({
              place: place(peer),
              what: `"${quoted(peer.setting)}" has a client port, which ${server.release} does not know`,
            })),
    ),
  },
  {
    id: 'several-addresses',
    severity: 'error',
    about: 'several addresses for one server ("|")',
    effect:
      'the server exits with 2: "Multiple address feature is disabled". The line multiAddress.enabled=true in ' +
      'zoo.cfg, which the documentation asks for, does not change that: it is read too late',
    remedy: 'give every server the JVM flag -Dzookeeper.multiAddress.enabled=true, or one address',
    source: list,
    find: perServer((server) =>
      peersOf(server)
        .filter(({ more }) => more > 0)
        .map((peer) => ({
          place: place(peer),
          what: `"${quoted(peer.setting)}" has ${peer.more + 1} addresses`,
        })),
    ),
  },
  {
    id: 'one-port-for-two',
    severity: 'error',
    about: 'the same port for followers and for elections',
    effect:
      '3.5.5 and later exit with 2 ("Client and election port must be different!"); older ones cannot listen twice',
    remedy: 'write host:2888:3888',
    source: `${list}; ZOOKEEPER-2873`,
    find: perServer((server) =>
      peersOf(server)
        .filter(({ quorumPort, electionPort }) => quorumPort === electionPort)
        .map((peer) => ({
          place: place(peer),
          what: `"${quoted(peer.setting)}" has the port ${peer.quorumPort} twice`,
        })),
    ),
  },
  {
    id: 'ports-swapped',
    severity: 'warning',
    about: '3888 and 2888 exchanged',
    effect:
      'it works as long as every list says the same; a server whose list has them the other way round sends its votes ' +
      'to the port for followers and never joins. Firewall rules and graphs by port number mean the wrong thing',
    remedy: 'write host:2888:3888 on all servers',
    source: list,
    find: perServer((server) =>
      peersOf(server)
        .filter(({ quorumPort, electionPort }) => quorumPort === 3888 && electionPort === 2888)
        .map((peer) => ({
          place: place(peer),
          what: `"${quoted(peer.setting)}" has the two ports exchanged`,
        })),
    ),
  },
  {
    id: 'server-twice',
    severity: 'error',
    about: 'one server id on two lines',
    effect:
      "the last line counts and the other server is in nobody's list: the ensemble is smaller than it looks, and the " +
      'server that was left out cannot listen on the address its id has (exit 14)',
    remedy: 'give every line an id of its own',
    source: 'java.util.Properties.load',
    find: perServer((server) =>
      server.settings
        .filter((setting) => setting.key.startsWith('server.') && settingOf(server, setting.key) !== setting)
        .map((setting) => ({
          place: setting.place,
          what: `"${quoted(setting)}" is lost: ${setting.key} stands again in line ${settingOf(server, setting.key)!.place.line}`,
        })),
    ),
  },
  {
    id: 'address-twice',
    severity: 'error',
    about: 'two servers with the same address and port',
    effect:
      'servers on one machine cannot both listen there ("Address already in use", exit 14); with machines of their own ' +
      'one of the two listens elsewhere than the others look for it, and never joins',
    remedy: 'give every server its own address, or on one machine ports of its own (2888:3888, 2889:3889, …)',
    source: 'QuorumCnxManager.Listener',
    find: perServer((server) => {
      const taken = new Map<string, Peer>();
      return peersOf(server).flatMap((peer): Found[] => {
        const addresses = [`${peer.host}:${peer.quorumPort}`, `${peer.host}:${peer.electionPort}`];
        const address = addresses.find((candidate) => taken.has(candidate));
        for (const mine of addresses) taken.set(mine, taken.get(mine) ?? peer);
        if (address === undefined || isWildcard(peer.host)) return [];
        return [
          {
            place: place(peer),
            what: `${peer.setting.key} has ${address}, like ${taken.get(address)!.setting.key}`,
          },
        ];
      });
    }),
  },
  {
    id: 'even-voters',
    severity: 'warning',
    about: 'an even number of voters, from four on',
    effect:
      'the server warns "Non-optimal configuration, consider an odd number of servers". Four tolerate the loss of one, ' +
      'like three; with two gone nobody serves',
    remedy: 'take one away, or make one an observer (host:2888:3888:observer)',
    source: 'QuorumPeerConfig.parseDynamicConfig; QuorumMaj',
    find: perServer((server) => {
      const voters = votersIn(peersOf(server));
      const even = listIsWhole(server) && voters.length > 2 && voters.length % 2 === 0;
      return even && !isGrouped(server)
        ? [
            {
              place: place(voters.at(-1)!),
              what: `${voters.length} voters tolerate no more failures than ${voters.length - 1}`,
            },
          ]
        : [];
    }),
  },
  {
    id: 'two-voters',
    severity: 'warning',
    about: 'two voters',
    effect:
      'the server warns "No server failure will be tolerated". When either is gone the other serves nobody: worse than one',
    remedy: 'run three, or one',
    source: 'QuorumPeerConfig.parseDynamicConfig; QuorumMaj',
    find: perServer((server) => {
      const voters = votersIn(peersOf(server));
      return listIsWhole(server) && voters.length === 2 && !isGrouped(server)
        ? [{ place: place(voters[1]!), what: 'two voters tolerate no failure' }]
        : [];
    }),
  },
  {
    id: 'observers-without-quorum',
    severity: 'error',
    about: 'observers beside one voter or none',
    effect:
      'the server exits with 2: "Observers w/o quorum" or "w/o participants is an invalid configuration"',
    remedy: 'list three voters; or set standaloneEnabled=false for one voter with observers',
    source: 'QuorumPeerConfig.parseDynamicConfig',
    find: perServer((server) => {
      const peers = peersOf(server);
      const [voters, observers] = [votersIn(peers).length, peers.filter(({ observer }) => observer)];
      const alone = /^false$/i.test(valueIn(server, 'standaloneEnabled') ?? '');
      if (!listIsWhole(server) || observers.length === 0 || voters > 1 || (voters === 1 && alone)) return [];
      return [
        {
          place: place(observers[0]!),
          what: `${observers.length} observers, and ${voters === 1 ? 'one voter' : 'no voter'}`,
        },
      ];
    }),
  },
  {
    id: 'peer-type-unknown',
    severity: 'error',
    about: 'a peerType that is neither participant nor observer',
    effect: 'the server exits with 2: "Unrecognised peertype"',
    remedy: 'write peerType=observer, or leave the line out',
    source: 'QuorumPeerConfig.parseProperties',
    find: perServer((server) =>
      at(
        settingOf(server, 'peerType'),
        (value) => !/^(participant|observer)$/i.test(value) && `peerType is "${value}"`,
      ),
    ),
  },
  {
    id: 'peer-type-not-in-list',
    severity: 'warning',
    about: 'peerType=observer on a server that the list does not call an observer',
    effect: 'the server warns "Defaulting to servers list": it votes, and counts towards the quorum',
    remedy: 'add :observer to its line in the lists of all servers',
    source: 'QuorumPeerConfig.setupPeerType',
    find: perServer((server) => {
      const own = ownPeer(server);
      return own === undefined || own.observer
        ? []
        : at(settingOf(server, 'peerType'), (value) =>
            /^observer$/i.test(value) ? `peerType=observer, but "${quoted(own.setting)}" is a voter` : false,
          );
    }),
  },
];

const isGrouped = ({ settings }: Server) => settings.some(({ key }) => key.startsWith('group'));

/** "zoo1:2888:3888" read as a property: zoo1 is the key. Behind "=" it may be anything. */
const isServerAddress = (key: string, value: string) =>
  /^[\w.-]+$/.test(key) && /^\d{2,5}:\d{2,5}(:(observer|participant))?(;\d+)?[,;]?/.test(value);
