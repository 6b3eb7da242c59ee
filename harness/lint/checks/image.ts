import { atLeast } from '../../topology/version.ts';
import type { Container, Subject } from '../model.ts';
import { foreignVariables, isOfficial, variablesOf } from '../official-image.ts';
import { settingOf } from '../server.ts';
import { type Check, type Found, listed } from './check.ts';

const entryPoint = 'docker-entrypoint.sh of the official image (31z4/zookeeper-docker)';

const perContainer =
  (find: (container: Container) => Found[]) =>
  ({ containers }: Subject): Found[] =>
    containers.flatMap(find);

/** Containers of the official image and its variables. */
export const imageChecks: readonly Check[] = [
  {
    id: 'foreign-variable',
    severity: 'error',
    about: 'a variable of another image (Bitnami, Confluent) on the official one',
    effect:
      'the entry point does not read it: the id stays 1 and the list this server alone, so that every server starts ' +
      'by itself',
    remedy: 'use the variables of the official image',
    source: entryPoint,
    find: perContainer(({ image, variables }) =>
      !isOfficial(image)
        ? []
        : [...variables.values()]
            .filter(({ name }) => Object.hasOwn(foreignVariables, name))
            .map(({ name, place }) => ({
              place,
              what: `${name} is not read by ${image}; it has ${foreignVariables[name]}`,
            })),
    ),
  },
  {
    id: 'unknown-variable',
    severity: 'warning',
    about: 'a ZOO_… variable that the image does not have',
    effect: 'the entry point does not read it, and the setting keeps its default',
    remedy: 'correct its name, or give the setting in ZOO_CFG_EXTRA="name=value …"',
    source: entryPoint,
    find: perContainer(({ image, release, variables }) => {
      const known = variablesOf(release);
      return [...variables.values()]
        .filter(({ name }) => isOfficial(image) && name.startsWith('ZOO_') && !known.includes(name))
        .filter(({ name }) => !Object.hasOwn(foreignVariables, name))
        .map(({ name, place }) => ({ place, what: `${name} is not read by ${image}` }));
    }),
  },
  {
    id: 'quotes-in-variable',
    severity: 'error',
    about: 'quotation marks that become part of a value: - ZOO_SERVERS="server.1=…"',
    effect:
      'in the list form of "environment" quotes are ordinary letters: the first line of zoo.cfg begins with a quote, ' +
      'names an unknown setting, and its server is in no list; the last one ends in a port that is none',
    remedy: 'put the quotes around the whole entry, or use the form ZOO_SERVERS: …',
    source: `compose file reference, environment; ${entryPoint}`,
    find: perContainer(({ variables }) =>
      [...variables.values()]
        .filter(
          ({ name, value }) =>
            name.startsWith('ZOO_') && value !== null && /^["'].*["']$/s.test(value.trim()),
        )
        .map(({ name, value, place }) => ({
          place,
          what: `${name} begins and ends with ${value!.trim()[0]}`,
        })),
    ),
  },
  {
    id: 'variables-without-effect',
    severity: 'warning',
    about: "ZOO_… variables beside a zoo.cfg of one's own",
    effect:
      'the entry point writes zoo.cfg only where there is none: with a mounted one it reads ZOO_MY_ID alone',
    remedy: 'put the settings into the zoo.cfg, or leave it out',
    source: entryPoint,
    find: perContainer(({ variables, ownConfig }) => {
      const lost = [...variables.keys()].filter(
        (name) => name.startsWith('ZOO_') && !/_(MY_ID|DIR)$/.test(name),
      );
      return ownConfig === null || lost.length === 0
        ? []
        : [
            {
              place: variables.get(lost[0]!)!.place,
              what: `${listed(lost)} ${lost.length > 1 ? 'do' : 'does'} nothing: zoo.cfg is mounted`,
            },
          ];
    }),
  },
  {
    id: 'logs-not-kept',
    severity: 'error',
    about: '/data is kept outside of the container, and /datalog is not',
    effect:
      'transaction logs end with the container: a new one starts from the last snapshot, and every write after that is ' +
      'gone from this server, acknowledged or not',
    remedy: 'mount a volume at /datalog as well, or set ZOO_DATA_LOG_DIR=/data',
    source: `${entryPoint}: dataLogDir=/datalog`,
    find: perContainer(({ kept, ownConfig, variables, place }) => {
      const [data, log] = ['ZOO_DATA_DIR', 'ZOO_DATA_LOG_DIR'].map((name) => variables.get(name)?.value);
      const isKept = (path: string) => kept.some((mount) => path === mount || path.startsWith(`${mount}/`));
      const lost = data !== null && log !== null && isKept(data ?? '/data') && !isKept(log ?? '/datalog');
      return lost && ownConfig === null
        ? [{ place, what: `${data ?? '/data'} is a volume, and ${log ?? '/datalog'} is not` }]
        : [];
    }),
  },
  {
    id: 'probe-refused',
    severity: 'error',
    about: 'a health check with a four-letter word that is not whitelisted',
    effect:
      'the server answers "is not executed because it is not in the whitelist" (3.5.3 and later allow srvr alone): the ' +
      'check fails for ever, and a good server is killed again and again',
    remedy: 'use srvr, or name the word in ZOO_4LW_COMMANDS_WHITELIST (4lw.commands.whitelist)',
    source: 'FourLetterCommands.isEnabled; ZOOKEEPER-2693',
    find: perContainer((container) => container.probes.flatMap((probe) => refused(container, probe))),
  },
];

/** A word that is sent: echo ruok | nc …, or printf. */
const sentWord = /(?:echo|printf)\s+(?:-\w+\s+)*["']?([a-z]{4})\b/g;
const knownWords =
  'conf cons crst dirs dump envi gtmk hash isro mntr ruok srst srvr stat stmk wchc wchp wchs'.split(' ');

function refused(container: Container, probe: Container['probes'][number]): Found[] {
  const [server] = container.servers;
  const setting = server && settingOf(server, '4lw.commands.whitelist');
  if (server === undefined || setting?.value === null) return [];
  const allowed =
    setting?.value?.split(',').map((word) => word.trim()) ?? defaultWhitelist(container.release);
  return [...probe.text.matchAll(sentWord)]
    .map(([, word]) => word!)
    .filter(
      (word) =>
        knownWords.includes(word) && word !== 'srvr' && !allowed.includes('*') && !allowed.includes(word),
    )
    .map((word) => ({
      place: probe.place,
      what: `"${word}" is sent, and only ${listed(['srvr', ...allowed])} is answered`,
    }));
}

function defaultWhitelist(release: string): string[] {
  if (atLeast(release, '3.5.3')) return [];
  return knownWords.filter((word) => !['wchc', 'wchp'].includes(word));
}
