import { isAbsolute } from 'node:path';
import { atLeast } from '../../topology/version.ts';
import type { Server, Setting } from '../model.ts';
import { isOpen, isWhole, numberOf, peersOf, settingOf, valueIn, votersIn } from '../server.ts';
import { hasComment, isListed } from '../server-line.ts';
import { booleanKeys, jvmOnly, meantBy, numberKeys } from '../zoo-cfg-keys.ts';
import { at, type Check, type Found, perServer, quoted } from './check.ts';

const config = 'QuorumPeerConfig.parseProperties';

/** Lines of zoo.cfg that are wrong whatever the others say. */
export const settingChecks: readonly Check[] = [
  {
    id: 'comment-after-value',
    severity: 'error',
    about: 'a comment behind a value',
    effect:
      'zoo.cfg has comments only on lines of their own: what follows the value is part of it. A number, a port or a ' +
      'server is then refused (exit 2), and a directory gets a name with the comment in it, so that myid is missing there',
    remedy: 'put the comment on the line above',
    source: 'java.util.Properties.load; QuorumPeerConfig.parse',
    find: everySetting((setting, value) => {
      const counts = numberKeys.has(setting.key) || booleanKeys.has(setting.key);
      const place = /^(server\.|dataDir$|dataLogDir$|group|weight)/.test(setting.key);
      return (
        (counts || place) && hasComment(value) && `the comment in "${quoted(setting)}" is part of the value`
      );
    }),
  },
  {
    id: 'not-a-number',
    severity: 'error',
    about: 'a number that is none: a unit, a blank, nothing at all, or more than 2147483647',
    effect: 'the server logs NumberFormatException and exits with 2',
    remedy: 'write digits alone; times are in ticks or milliseconds as the setting says',
    source: config,
    find: everySetting(
      ({ key, written }, value) =>
        numberKeys.has(key) &&
        !isWhole(value) &&
        !hasComment(value) &&
        `${written} is "${value}", no whole number`,
    ),
  },
  {
    id: 'not-a-boolean',
    severity: 'error',
    about: 'a switch that is neither true nor false',
    effect:
      `3.7 and later exit with 2 ("Choose 'true' or 'false.'"); before, only standaloneEnabled and reconfigEnabled ` +
      'are checked, and every word but true means false, without a word in the log',
    remedy: 'write true or false',
    source: 'QuorumPeerConfig.parseBoolean; ZOOKEEPER-3721',
    find: everySetting(
      ({ key, written }, value) =>
        booleanKeys.has(key) &&
        !/^(true|false)$/i.test(value) &&
        !hasComment(value) &&
        `${written} is "${value}", neither true nor false`,
    ),
  },
  {
    id: 'key-twice',
    severity: 'warning',
    about: 'a setting given twice with different values',
    effect: 'the last one counts, and nothing in the log tells of the other',
    remedy: 'keep one of the two lines',
    source: 'java.util.Properties.load',
    find: perServer((server) =>
      server.settings.flatMap((setting): Found[] => {
        const last = settingOf(server, setting.key);
        if (last === setting || last?.value === setting.value || setting.key.startsWith('server.')) return [];
        return [
          {
            place: setting.place,
            what: `"${quoted(setting)}" loses against ${quoted(last!)} in line ${last!.place.line}`,
          },
        ];
      }),
    ),
  },
  {
    id: 'misspelt-key',
    severity: 'warning',
    about: 'a setting with a name that is almost one the server knows',
    effect:
      'the server takes an unknown name for a system property nobody reads, says nothing, and keeps its default',
    remedy: 'write the name as the documentation does; capitals count',
    source: `${config}, last branch`,
    find: everySetting(({ key, written }) => {
      const meant = meantBy(key);
      return meant !== undefined && `${written} is not known; ${meant} is`;
    }),
  },
  {
    id: 'prefixed-key',
    severity: 'error',
    about: 'a line that begins with "zookeeper."',
    effect:
      'the server puts "zookeeper." before every name it does not know, so that the property is set under a doubled ' +
      'name: the setting does nothing',
    remedy: 'leave out "zookeeper." in zoo.cfg; only JVM flags (-Dzookeeper.…) have it',
    source: `${config}, last branch`,
    find: everySetting(
      ({ key, written }) => key.startsWith('zookeeper.') && `${written} has "zookeeper." before it`,
    ),
  },
  {
    id: 'jvm-flag-in-zoo-cfg',
    severity: 'error',
    about: 'a line for what only a JVM flag can set',
    effect:
      'the line sets zookeeper.jute.maxbuffer, which nobody reads: the limit stays at its default of 1 MB',
    remedy:
      'give it to the JVM: SERVER_JVMFLAGS="-Djute.maxbuffer=…", on all servers, and to clients as well',
    source: 'BinaryInputArchive.maxBuffer',
    find: everySetting(({ key, written }) => jvmOnly.includes(key) && `${written} stands in zoo.cfg`),
  },
  {
    id: 'data-dir-missing',
    severity: 'error',
    about: 'no dataDir',
    effect: 'the server exits with 2: "dataDir is not set"',
    remedy: 'add dataDir=/var/lib/zookeeper, or where the server shall keep its data',
    source: config,
    find: perServer((server) =>
      settingOf(server, 'dataDir') === undefined ? [{ place: server.place, what: 'dataDir is not set' }] : [],
    ),
  },
  {
    id: 'relative-directory',
    severity: 'warning',
    about: 'a data directory that depends on where the server is started',
    effect:
      'the server warns "is relative" and uses its working directory; "~" and "$HOME" are taken as they are. Started ' +
      'elsewhere it finds neither myid nor data: it refuses to start or begins with nothing',
    remedy: 'write the whole path from "/"',
    source: 'VerifyingFileFactory.warnForRelativePath',
    find: perServer((server) =>
      ['dataDir', 'dataLogDir'].flatMap((key) =>
        at(
          settingOf(server, key),
          (value) =>
            !isAbsolute(value) && !/^([A-Za-z]:|\.\/)/.test(value) && `${key} "${value}" is relative`,
        ),
      ),
    ),
  },
  {
    id: 'limit-missing',
    severity: 'error',
    about: 'initLimit or syncLimit missing, or 0',
    effect: 'a server of an ensemble exits with 2: "initLimit is not set" or "syncLimit is not set"',
    remedy: 'add initLimit=10 and syncLimit=5 (in ticks)',
    source: 'QuorumPeerConfig.checkValidity',
    find: perServer((server) => {
      if (!isDistributed(server)) return [];
      return ['initLimit', 'syncLimit']
        .filter((key) => !isOpen(server, key) && ['', '0'].includes(valueIn(server, key) ?? ''))
        .map((key) => ({ place: settingOf(server, key)?.place ?? server.place, what: `${key} is not set` }));
    }),
  },
  {
    id: 'tick-time',
    severity: 'error',
    about: 'a tickTime of 0 or less',
    effect:
      'the server exits with 2: "tickTime is not set", or of a negative one "minSessionTimeout must not be larger"',
    remedy: 'write tickTime=2000 (ms), or leave it out for 3000',
    source: config,
    find: perServer((server) =>
      at(
        settingOf(server, 'tickTime'),
        (value) => isWhole(value) && Number(value) <= 0 && `tickTime is ${value}`,
      ),
    ),
  },
  {
    id: 'session-timeouts-crossed',
    severity: 'error',
    about: 'minSessionTimeout above maxSessionTimeout',
    effect:
      'the server exits with 2: "minSessionTimeout must not be larger than maxSessionTimeout"; the one that is not ' +
      'given is 2 or 20 times tickTime',
    remedy: 'raise maxSessionTimeout, or lower minSessionTimeout',
    source: config,
    find: perServer(sessionTimeouts),
  },
  {
    id: 'snapshots-below-three',
    severity: 'warning',
    about: 'autopurge.snapRetainCount below 3',
    effect: 'the server warns "Invalid autopurge.snapRetainCount" and keeps 3',
    remedy: 'write 3 or more',
    source: 'QuorumPeerConfig.MIN_SNAP_RETAIN_COUNT',
    find: perServer((server) =>
      at(
        settingOf(server, 'autopurge.snapRetainCount'),
        (value) => isWhole(value) && Number(value) < 3 && `autopurge.snapRetainCount is ${value}`,
      ),
    ),
  },
  {
    id: 'autopurge-forgotten',
    severity: 'advice',
    about: 'nothing said about autopurge.purgeInterval, whose default is never',
    effect:
      'every snapshot and every transaction log is kept for ever: the disk fills, and a server that cannot write ends. ' +
      'With an interval all but the newest three snapshots and their logs go',
    remedy:
      'write autopurge.purgeInterval=1 (hours; ZOO_AUTOPURGE_PURGEINTERVAL of the official image), or 0 where something ' +
      'else removes old files',
    source: 'DatadirCleanupManager.start; zookeeperAdmin, "Ongoing Data Directory Cleanup"',
    find: perServer((server) => {
      const setting = settingOf(server, 'autopurge.purgeInterval');
      const chosen = setting !== undefined && (setting.implied !== true || setting.value === null);
      return chosen || !isDistributed(server)
        ? []
        : [{ place: server.place, what: 'autopurge.purgeInterval is not set, so nothing is ever removed' }];
    }),
  },
  {
    id: 'servers-beside-dynamic-file',
    severity: 'error',
    about: 'servers, groups or weights in zoo.cfg although it names a dynamicConfigFile',
    effect: 'the server exits with 2: "must be in a separate dynamic config file"',
    remedy: 'move these lines into the dynamic file',
    source: config,
    find: perServer((server) => {
      const dynamic = settingOf(server, 'dynamicConfigFile');
      return server.settings
        .filter(
          ({ key, value, place }) => isListed(key) && value !== null && place.file === dynamic?.place.file,
        )
        .map((setting) => ({
          place: setting.place,
          what: `"${quoted(setting)}" stands beside dynamicConfigFile`,
        }));
    }),
  },
  {
    id: 'standalone-off-alone',
    severity: 'error',
    about: 'standaloneEnabled=false without a server list',
    effect: 'the server exits with 2: "number of participants should be >0"',
    remedy: 'add the server list, or leave standaloneEnabled out',
    source: 'QuorumPeerConfig.parseDynamicConfig',
    find: perServer((server) =>
      at(
        settingOf(server, 'standaloneEnabled'),
        (value) =>
          /^false$/i.test(value) &&
          !server.settings.some(({ key }) => /^(server\.|dynamicConfigFile$)/.test(key)) &&
          'standaloneEnabled=false, and there is no server.N',
      ),
    ),
  },
  {
    id: 'old-election-algorithm',
    severity: 'error',
    about: 'an electionAlg other than 3',
    effect: '3.6 and later exit with 2: "Only 3 is supported"; older ones run an algorithm nobody tests',
    remedy: 'leave the line out',
    source: `${config}; ZOOKEEPER-2083 in 3.6.0`,
    find: perServer((server) =>
      at(
        settingOf(server, 'electionAlg'),
        (value) => isWhole(value) && Number(value) !== 3 && `electionAlg is ${value}`,
      ),
    ),
  },
];

/** A server that looks for others: with two voters or more, or one where standalone mode is off. */
export function isDistributed(server: Server): boolean {
  const voters = votersIn(peersOf(server)).length;
  return voters > 1 || (voters === 1 && /^false$/i.test(valueIn(server, 'standaloneEnabled') ?? ''));
}

function everySetting(wrong: (setting: Setting, value: string) => string | false): Check['find'] {
  return perServer(({ settings }) =>
    settings.flatMap((setting) => at(setting, (value) => wrong(setting, value))),
  );
}

function sessionTimeouts(server: Server): Found[] {
  const [low, high] = [settingOf(server, 'minSessionTimeout'), settingOf(server, 'maxSessionTimeout')];
  const tick =
    numberOf(server, 'tickTime') ?? (settingOf(server, 'tickTime') === undefined ? 3000 : undefined);
  const setting = low ?? high;
  if (setting === undefined || tick === undefined || tick <= 0) return [];
  const min = low === undefined ? tick * 2 : numberOf(server, 'minSessionTimeout');
  // 3.4 compares what stands there: -1 for a maximum that does not.
  const none = atLeast(server.release, '3.5.0') ? tick * 20 : -1;
  const max = high === undefined ? none : numberOf(server, 'maxSessionTimeout');
  if (min === undefined || max === undefined || min <= max) return [];
  const missing = high === undefined ? ' (the default)' : '';
  return [
    { place: setting.place, what: `minSessionTimeout ${min} is above maxSessionTimeout ${max}${missing}` },
  ];
}
