import { atLeast } from '../topology/version.ts';
import type { Setting, Variable } from './model.ts';
import { readProperties } from './properties.ts';

/**
 * The variables of the official image, the setting each becomes, and the image's own value (31z4/zookeeper-docker,
 * Dockerfile and docker-entrypoint.sh of 3.9.4; those of 3.4 know no admin server and no standalone switch).
 */
const variables: { name: string; key: string; value: string; since?: string }[] = [
  { name: 'ZOO_TICK_TIME', key: 'tickTime', value: '2000' },
  { name: 'ZOO_INIT_LIMIT', key: 'initLimit', value: '5' },
  { name: 'ZOO_SYNC_LIMIT', key: 'syncLimit', value: '2' },
  { name: 'ZOO_AUTOPURGE_SNAPRETAINCOUNT', key: 'autopurge.snapRetainCount', value: '3' },
  { name: 'ZOO_AUTOPURGE_PURGEINTERVAL', key: 'autopurge.purgeInterval', value: '0' },
  { name: 'ZOO_MAX_CLIENT_CNXNS', key: 'maxClientCnxns', value: '60' },
  { name: 'ZOO_STANDALONE_ENABLED', key: 'standaloneEnabled', value: 'true', since: '3.5.0' },
  { name: 'ZOO_ADMINSERVER_ENABLED', key: 'admin.enableServer', value: 'true', since: '3.5.0' },
];

const others = [
  'ZOO_MY_ID',
  'ZOO_SERVERS',
  'ZOO_4LW_COMMANDS_WHITELIST',
  'ZOO_CFG_EXTRA',
  'ZOO_CONF_DIR',
  'ZOO_DATA_DIR',
  'ZOO_DATA_LOG_DIR',
  'ZOO_LOG_DIR',
];

/** What zkServer.sh and zkEnv.sh of the release read themselves. */
const ofTheScripts = ['ZOO_LOG_FILE', 'ZOO_DATADIR_AUTOCREATE_DISABLE', 'ZOO_NOEXEC'];

/** Variables that the entry point and the scripts of this release read. */
export function variablesOf(release: string): string[] {
  const since = variables.filter(({ since: first }) => first === undefined || atLeast(release, first));
  const old = [
    ...(atLeast(release, '3.5.0') ? [] : ['ZOO_PORT']),
    // It went with log4j.
    ...(atLeast(release, '3.8.0') ? [] : ['ZOO_LOG4J_PROP']),
  ];
  return [...since.map(({ name }) => name), ...others, ...ofTheScripts, ...old];
}

/** The release an image name promises; `fallback` where the tag tells none. A tag like 3.4 means the newest of its line. */
export function releaseOf(image: string, fallback: string): string {
  const tag = /:v?(\d+\.\d+)(\.\d+)?(?=$|[-@])/.exec(image);
  if (tag === null) return fallback;
  return tag[2] === undefined ? `${tag[1]}.99` : `${tag[1]}${tag[2]}`;
}

const byNameAlone = /^(?:[\w.:-]+\/)*zookeeper(?::[\w.-]+)?(?:@.*)?$/;
const ofOtherVariables = /(^|\/)(bitnami|bitnamilegacy|confluentinc|strimzi|wurstmeister)\//;

/** Whether an image follows the official one's contract, as far as its name tells. */
export const isOfficial = (image: string) => byNameAlone.test(image) && !ofOtherVariables.test(image);

/** Whether an image seems to run ZooKeeper in a way of its own. */
export const isOtherZooKeeper = (image: string) =>
  /(^|[/-])zookeeper(:|@|$)/.test(image) && !isOfficial(image);

/** What the entry point of the image would write into zoo.cfg. With `open` variables may come from elsewhere too. */
export function settingsOf(
  given: ReadonlyMap<string, Variable>,
  { release, place, open }: { release: string; place: Setting['place']; open: boolean },
): Setting[] {
  const modern = atLeast(release, '3.5.0');
  const one = (name: string, key: string, fallback: string | undefined): Setting[] => {
    const variable = given.get(name);
    // "${X:-y}" is not what the image does: an empty variable stays empty, and becomes an empty setting.
    if (variable !== undefined) return [{ key, value: variable.value, written: name, place: variable.place }];
    if (fallback === undefined) return [];
    return [{ key, value: open ? null : fallback, written: name, place, implied: true }];
  };
  return [
    ...one('ZOO_DATA_DIR', 'dataDir', '/data'),
    ...one('ZOO_DATA_LOG_DIR', 'dataLogDir', '/datalog'),
    ...variables
      .filter(({ since }) => since === undefined || atLeast(release, since))
      .flatMap(({ name, key, value }) => one(name, key, value)),
    ...(modern ? [] : one('ZOO_PORT', 'clientPort', '2181')),
    ...serversOf(given.get('ZOO_SERVERS'), { modern, place, open }),
    ...one('ZOO_4LW_COMMANDS_WHITELIST', '4lw.commands.whitelist', undefined).filter(
      ({ value }) => value !== '',
    ),
    ...linesOf(given.get('ZOO_CFG_EXTRA')),
  ];
}

function serversOf(
  variable: Variable | undefined,
  { modern, place, open }: { modern: boolean; place: Setting['place']; open: boolean },
): Setting[] {
  if (variable?.value === null || (variable === undefined && open))
    return [{ key: 'server.', value: null, written: 'ZOO_SERVERS', place: variable?.place ?? place }];
  // Only an empty one is none: of blanks the entry point makes no line at all.
  if (variable !== undefined && variable.value !== '') return linesOf(variable);
  if (!modern) return [];
  const value = 'localhost:2888:3888;2181';
  return [{ key: 'server.1', value, written: 'ZOO_SERVERS server.1', place, implied: true }];
}

/** Each word becomes a line of zoo.cfg, read as one. */
function linesOf(variable: Variable | undefined): Setting[] {
  return (variable?.words ?? []).flatMap(({ text, place }) =>
    readProperties(text).map(({ key, value }) => ({
      key,
      value,
      written: `${variable!.name} ${key}`,
      place,
    })),
  );
}

/** Variables of other images, and what they are called here. */
export const foreignVariables: Readonly<Record<string, string>> = {
  ZOO_SERVER_ID: 'ZOO_MY_ID',
  ZOOKEEPER_SERVER_ID: 'ZOO_MY_ID',
  ZOOKEEPER_SERVERS: 'ZOO_SERVERS',
  ZOOKEEPER_CLIENT_PORT: '";2181" behind each server in ZOO_SERVERS',
  ZOOKEEPER_TICK_TIME: 'ZOO_TICK_TIME',
  ZOOKEEPER_INIT_LIMIT: 'ZOO_INIT_LIMIT',
  ZOOKEEPER_SYNC_LIMIT: 'ZOO_SYNC_LIMIT',
  ZOO_PORT_NUMBER: '";2181" behind each server in ZOO_SERVERS',
  ALLOW_ANONYMOUS_LOGIN: 'nothing: clients need no login here',
};
