import { dirname, join } from 'node:path';
import type { Broker, Container, Disk, Place, Server, Subject, Variable } from './model.ts';
import { isOtherZooKeeper, releaseOf } from './official-image.ts';
import { brokerOf } from './read-broker.ts';
import { containerServer, isZooKeeper } from './read-container.ts';
import { settingsIn } from './read-zoo-cfg.ts';
import { entriesOf, itemsOf, type Tree, textOf, textsOf, under } from './yaml-tree.ts';

interface Options {
  release: string;
  disk: Disk;
}

/** The ZooKeeper servers and Kafka brokers among the services of a compose file. */
export function readCompose(file: string, root: Tree, options: Options): Partial<Subject> {
  const services = entriesOf(under(root, 'services'));
  const names = services.flatMap(([name, service]) => [...namesOf(name, service), ...extraHosts(service)]);
  const containers: Container[] = [];
  const brokers: Broker[] = [];
  const skipped: string[] = [];
  for (const [name, service] of services) {
    const image = textOf(under(service, 'image')) ?? '';
    const variables = environmentOf(under(service, 'environment'));
    const broker = brokerOf(name, image, variables, names);
    if (broker !== undefined) brokers.push(broker);
    else if (isZooKeeper(image, variables))
      containers.push(readService({ file, name, service, image, variables, names }, options));
    else if (isOtherZooKeeper(image)) skipped.push(`service ${name} (${image})`);
  }
  return { containers, brokers, skipped, servers: containers.flatMap(({ servers }) => servers) };
}

interface Service {
  file: string;
  name: string;
  service: Tree;
  image: string;
  variables: ReadonlyMap<string, Variable>;
  names: readonly string[];
}

function readService(
  { file, name, service, image, variables, names }: Service,
  { release: fallback, disk }: Options,
): Container {
  const place = service.place;
  const release = releaseOf(image, fallback);
  const open = under(service, 'env_file') !== undefined;
  const mounts = itemsOf(under(service, 'volumes')).flatMap(mountOf);
  const config = mounts.find(({ target }) => /^\/conf(\/zoo\.cfg)?$/.test(target));
  const probe = under(service, 'healthcheck', 'test');
  const base = {
    name: `service ${name}`,
    place,
    release,
    hosts: namesOf(name, service),
    storage: mounts.find(({ target }) => target === '/data')?.source ?? null,
    ownNetwork: textOf(under(service, 'network_mode')) !== 'host',
    scope: file,
    localHosts: names,
  };
  const overridden = under(service, 'entrypoint') !== undefined;
  const made = overridden ? null : containerServer({ variables, open, release, place }, base);
  const server = made !== null && config !== undefined ? withConfig(made, file, config, disk) : made;
  return {
    name: base.name,
    place,
    image,
    release,
    variables,
    open,
    probes: probe === undefined ? [] : [{ text: textsOf(probe).join(' '), place: probe.place }],
    ownConfig: config?.place ?? null,
    kept: mounts.map(({ target }) => target),
    servers: server === null ? [] : [server],
  };
}

/** A server with a zoo.cfg of its own: only myid still comes from a variable. Null where the file is not here. */
function withConfig(server: Server, file: string, { source, target }: Mount, disk: Disk): Server | null {
  const path = join(dirname(file), source, target.endsWith('zoo.cfg') ? '' : 'zoo.cfg');
  const text = disk.read(path);
  if (text === undefined) return null;
  return { ...server, settings: settingsIn(text, (line) => ({ file: path, line })) };
}

/** Everything other services may call it. */
function namesOf(name: string, service: Tree): string[] {
  const networks = entriesOf(under(service, 'networks')).map(([, network]) => network);
  const own = [textOf(under(service, 'container_name')), textOf(under(service, 'hostname'))];
  const more = networks.flatMap((network) => [
    textOf(under(network, 'ipv4_address')),
    textOf(under(network, 'ipv6_address')),
    ...textsOf(under(network, 'aliases')),
  ]);
  return [name, ...own, ...more].filter((found) => found !== undefined);
}

/** Names a service knows besides: "name:address", or a mapping. */
function extraHosts(service: Tree): string[] {
  const extra = under(service, 'extra_hosts');
  const listed = itemsOf(extra).map((item) => textOf(item)?.split(/[:=]/)[0] ?? '');
  return [...listed, ...entriesOf(extra).map(([name]) => name)];
}

/** `environment:` is a mapping, or a list of NAME=value. Without a value it comes from the shell. */
function environmentOf(tree: Tree | undefined): Map<string, Variable> {
  const listed = itemsOf(tree).flatMap((item): Variable[] => {
    if (item.kind !== 'word') return [];
    const at = item.text.indexOf('=');
    if (at < 0) return [open(item.text, item.place)];
    const [first, ...rest] = item.words;
    const words = first === undefined ? [] : [{ ...first, text: first.text.slice(at + 1) }, ...rest];
    return [variable(item.text.slice(0, at), item.text.slice(at + 1), item.place, words)];
  });
  const mapped = entriesOf(tree).flatMap(([name, value]) =>
    value.kind === 'word' ? [variable(name, value.text, value.place, value.words)] : [],
  );
  return new Map([...listed, ...mapped].map((found) => [found.name, found]));
}

const open = (name: string, place: Place): Variable => ({ name, value: null, place, words: [] });

/** Compose puts ${NAME:-text} in before anything starts; what only the shell knows stays open. $$ is a dollar. */
function variable(name: string, value: string, place: Place, words: Variable['words']): Variable {
  const settled = (text: string) => text.replaceAll(/\$\{\w+:?-([^}]*)\}/g, '$1');
  if (/(?<!\$)(\$\$)*\$(?!\$)/.test(settled(value))) return open(name, place);
  const plain = (text: string) => settled(text).replaceAll('$$', () => '$');
  const plainWords = words.map((word) => ({ ...word, text: plain(word.text) }));
  return { name, value: plain(value), place, words: plainWords };
}

interface Mount {
  source: string;
  /** Without a slash at its end. */
  target: string;
  place: Place;
}

/** "./zoo.cfg:/conf/zoo.cfg:ro", or the long form with source and target. A path alone is kept by nobody. */
function mountOf(tree: Tree): Mount[] {
  const [source, target] =
    tree.kind === 'word'
      ? tree.text.split(':')
      : [textOf(under(tree, 'source')), textOf(under(tree, 'target'))];
  if (source === undefined || target === undefined) return [];
  return [{ source, target: target.replace(/(?<=.)\/$/, ''), place: tree.place }];
}
