import type { Container, Place, Server, Setting, Variable, Workload } from './model.ts';
import { releaseOf } from './official-image.ts';
import { containerServer } from './read-container.ts';
import { settingsIn } from './read-zoo-cfg.ts';
import { entriesOf, itemsOf, type Tree, textOf, textsOf, under } from './yaml-tree.ts';

export interface PodContext {
  /** Of images whose tag tells none. */
  release: string;
  /** The `data` of every ConfigMap, by name. */
  configMaps: ReadonlyMap<string, Tree>;
}

interface Pod extends Omit<Workload, 'container'> {
  pod: Tree | undefined;
  container: Tree;
  image: string;
  variables: ReadonlyMap<string, Variable>;
}

/** The container of a pod template that runs ZooKeeper, and the server each replica makes. */
export function readPod(pod: Pod, context: PodContext): Container {
  const { container, image } = pod;
  const place = container.place;
  const command = under(container, 'command');
  const script = [...textsOf(command), ...textsOf(under(container, 'args'))].join('\n');
  const variables = withScript(pod.variables, script, pod.pod);
  const mounts = mountsOf(pod.pod, container);
  const config = mounts.find(({ path }) => /^\/conf(\/zoo\.cfg)?$/.test(path));
  const release = releaseOf(image, context.release);
  const read: Omit<Container, 'servers'> = {
    name: `${pod.kind} ${pod.name}`,
    place,
    image,
    release,
    variables,
    open: itemsOf(under(container, 'envFrom')).some((source) => !isGiven(source, context)),
    probes: ['livenessProbe', 'readinessProbe', 'startupProbe'].flatMap((probe) => {
      const exec = under(container, probe, 'exec', 'command');
      return exec === undefined ? [] : [{ text: textsOf(exec).join(' '), place: exec.place }];
    }),
    ownConfig: config?.place ?? null,
    kept: mounts.filter(({ kept }) => kept).map(({ path }) => path),
  };
  // `command` replaces the entry point, unless it goes on to it.
  if (command !== undefined && !script.includes('docker-entrypoint')) return { ...read, servers: [] };
  if (config === undefined) return { ...read, servers: serversOf(pod, read, undefined) };
  const file = under(context.configMaps.get(config.configMap ?? ''), 'zoo.cfg');
  if (file?.kind !== 'word') return { ...read, servers: [] };
  const settings = settingsIn(file.text, (line) => ({ ...file.place, line: file.place.line + line }));
  return { ...read, servers: serversOf(pod, read, settings) };
}

/** No ensemble is larger; what a typing error says is not worth a server each. */
const replicasMax = 100;

/** The pods of a StatefulSet, NAME-0 and on; for others one whose name nobody knows before. */
function serversOf(pod: Pod, read: Omit<Container, 'servers'>, settings: Setting[] | undefined): Server[] {
  const base = {
    place: read.place,
    release: read.release,
    storage: null,
    ownNetwork: textOf(under(pod.pod, 'spec', 'hostNetwork')) !== 'true',
    scope: `namespace ${pod.namespace ?? 'default'}`,
  };
  const made = (own: Pick<Server, 'name' | 'hosts' | 'localHosts'>, variables = read.variables): Server => {
    const server = containerServer({ ...read, variables }, { ...base, ...own });
    return settings === undefined ? server : { ...server, settings };
  };
  const service = pod.serviceName;
  if (pod.kind !== 'StatefulSet' || service === null)
    return [made({ name: `${pod.kind} ${pod.name}`, hosts: null, localHosts: [] })];
  const names = Array.from({ length: Math.min(pod.replicas, replicasMax) }, (_, i) => `${pod.name}-${i}`);
  const localHosts = names.map((name) => `${name}.${service.text}`);
  return names.map((name, index) => {
    const own = { name: `pod ${name}`, hosts: [localHosts[index]!], localHosts };
    return made(own, withFields(read.variables, index));
  });
}

/** A pod's number is the one field that can serve as an id; what other fields hold is not known here. */
function withFields(variables: ReadonlyMap<string, Variable>, index: number): Map<string, Variable> {
  return new Map(
    [...variables].map(([name, variable]) => [
      name,
      variable.fieldPath?.includes('apps.kubernetes.io/pod-index')
        ? { ...variable, value: String(index) }
        : variable,
    ]),
  );
}

/** Variables a script sets are open; so is the id where a script writes myid, in this container or one before it. */
function withScript(
  variables: ReadonlyMap<string, Variable>,
  script: string,
  pod: Tree | undefined,
): Map<string, Variable> {
  const inits = textsOf(under(pod, 'spec', 'initContainers')).join('\n');
  const set = [...script.matchAll(/\b(ZOO_\w+)=/g)].map(([, name]) => name!);
  if (/\bmyid\b/.test(`${script}\n${inits}`)) set.push('ZOO_MY_ID');
  const all = new Map(variables);
  const place = under(pod, 'spec')?.place ?? { file: '', line: 1 };
  for (const name of set) {
    const { fieldPath: _, ...before } = all.get(name) ?? { place };
    all.set(name, { name, value: null, place: before.place, words: [] });
  }
  return all;
}

/** What `env` and the given ConfigMaps of `envFrom` set; of the same name `env` counts. */
export function variablesIn(container: Tree, context: PodContext): Map<string, Variable> {
  const from = itemsOf(under(container, 'envFrom')).flatMap((source) =>
    entriesOf(context.configMaps.get(textOf(under(source, 'configMapRef', 'name')) ?? '')),
  );
  const variables = new Map(from.map(([name, value]) => [name, variableOf(name, value, value.place)]));
  for (const entry of itemsOf(under(container, 'env'))) {
    const name = textOf(under(entry, 'name'));
    if (name === undefined) continue;
    const fieldPath = textOf(under(entry, 'valueFrom', 'fieldRef', 'fieldPath'));
    const reference = under(entry, 'valueFrom', 'configMapKeyRef');
    const map = context.configMaps.get(textOf(under(reference, 'name')) ?? '');
    const value = under(entry, 'value') ?? under(map, textOf(under(reference, 'key')) ?? '');
    const given = under(entry, 'valueFrom') === undefined && value === undefined;
    const place = under(entry, 'valueFrom')?.place ?? value?.place ?? entry.place;
    const variable = given ? { name, value: '', place, words: [] } : variableOf(name, value, place);
    variables.set(name, fieldPath === undefined ? variable : { ...variable, fieldPath });
  }
  return variables;
}

/** $(NAME) is put in when the pod starts. */
function variableOf(name: string, tree: Tree | undefined, place: Place): Variable {
  if (tree?.kind !== 'word' || tree.text.includes('$(')) return { name, value: null, place, words: [] };
  return { name, value: tree.text, place, words: tree.words };
}

const isGiven = (source: Tree, { configMaps }: PodContext) =>
  configMaps.has(textOf(under(source, 'configMapRef', 'name')) ?? '');

interface PodMount {
  /** Without a slash at its end. */
  path: string;
  place: Place;
  configMap: string | undefined;
  /** Its content outlives the pod. */
  kept: boolean;
}

/** A volume that no claim template and no volume of the pod names is one we know nothing about: counted as kept. */
function mountsOf(pod: Tree | undefined, container: Tree): PodMount[] {
  const volumes = new Map(
    itemsOf(under(pod, 'spec', 'volumes')).map((volume) => [textOf(under(volume, 'name')) ?? '', volume]),
  );
  return itemsOf(under(container, 'volumeMounts')).map((mount) => {
    const volume = volumes.get(textOf(under(mount, 'name')) ?? '');
    return {
      path: (textOf(under(mount, 'mountPath')) ?? '').replace(/(?<=.)\/$/, ''),
      place: mount.place,
      configMap: textOf(under(volume, 'configMap', 'name')),
      kept: under(volume, 'emptyDir') === undefined,
    };
  });
}
