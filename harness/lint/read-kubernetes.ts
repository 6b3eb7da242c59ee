import type { Broker, Budget, Container, KubernetesService, Subject, Workload } from './model.ts';
import { isOtherZooKeeper } from './official-image.ts';
import { brokerOf, brokerPodOf } from './read-broker.ts';
import { isZooKeeper } from './read-container.ts';
import { type PodContext, readPod, variablesIn } from './read-pod.ts';
import { entriesOf, itemsOf, type Tree, textOf, textsOf, under } from './yaml-tree.ts';

/** Everything about ZooKeeper and its clients in the objects of all manifests together. */
export function readKubernetes(documents: readonly Tree[], release: string): Partial<Subject> {
  const objects = documents.flatMap((document) => {
    const items = itemsOf(under(document, 'items'));
    return items.length > 0 ? items : [document];
  });
  const ofKind = (...kinds: string[]) =>
    objects.filter((object) => kinds.includes(textOf(under(object, 'kind')) ?? ''));
  const configMaps = new Map(ofKind('ConfigMap').map((object) => [nameOf(object), under(object, 'data')!]));
  const context: PodContext = { release, configMaps };

  const containers: Container[] = [];
  const workloads: Workload[] = [];
  const brokers: Broker[] = [];
  const skipped: string[] = [];
  for (const object of ofKind('StatefulSet', 'Deployment', 'DaemonSet', 'ReplicaSet', 'Pod')) {
    const pod = textOf(under(object, 'kind')) === 'Pod' ? object : under(object, 'spec', 'template');
    for (const container of itemsOf(under(pod, 'spec', 'containers'))) {
      const image = textOf(under(container, 'image')) ?? '';
      const variables = variablesIn(container, context);
      const broker = brokerOf(nameOf(object), image, variables, null);
      if (broker !== undefined)
        brokers.push({ ...broker, pod: brokerPodOf(object, pod, container, image, variables) });
      else if (isZooKeeper(image, variables)) {
        const set = workloadOf(object, pod);
        const read = readPod({ ...set, pod, container, image, variables }, context);
        containers.push(read);
        if (set.kind === 'StatefulSet') workloads.push({ ...set, container: read });
      } else if (isOtherZooKeeper(image)) skipped.push(`${nameOf(object)} (${image})`);
    }
  }
  return {
    containers,
    workloads,
    brokers,
    skipped,
    servers: containers.flatMap(({ servers }) => servers),
    services: ofKind('Service').map(serviceOf),
    budgets: ofKind('PodDisruptionBudget').map(budgetOf),
  };
}

const nameOf = (object: Tree) => textOf(under(object, 'metadata', 'name')) ?? '';
const namespaceOf = (object: Tree) => textOf(under(object, 'metadata', 'namespace')) ?? null;
const wordOf = (tree: Tree | undefined) =>
  tree?.kind === 'word' ? { text: tree.text, place: tree.place } : null;

function labelsOf(tree: Tree | undefined): Map<string, string> {
  return new Map(entriesOf(tree).map(([key, value]) => [key, textOf(value) ?? '']));
}

function workloadOf(object: Tree, pod: Tree | undefined): Omit<Workload, 'container'> {
  const main = itemsOf(under(pod, 'spec', 'containers')).find((container) =>
    under(container, 'readinessProbe'),
  );
  const probe = under(main, 'readinessProbe');
  return {
    name: nameOf(object),
    kind: textOf(under(object, 'kind')) ?? '',
    place: under(object, 'metadata')?.place ?? object.place,
    namespace: namespaceOf(object),
    replicas: Number(textOf(under(object, 'spec', 'replicas')) ?? 1),
    serviceName: wordOf(under(object, 'spec', 'serviceName')),
    labels: labelsOf(under(pod, 'metadata', 'labels')),
    readiness: probe
      ? { text: textsOf(under(probe, 'exec', 'command')).join(' '), place: probe.place }
      : null,
    parallel: textOf(under(object, 'spec', 'podManagementPolicy')) === 'Parallel',
  };
}

function serviceOf(object: Tree): KubernetesService {
  const spec = under(object, 'spec');
  const old = textOf(
    under(object, 'metadata', 'annotations', 'service.alpha.kubernetes.io/tolerate-unready-endpoints'),
  );
  return {
    name: nameOf(object),
    place: spec?.place ?? object.place,
    namespace: namespaceOf(object),
    headless: textOf(under(spec, 'clusterIP')) === 'None',
    publishNotReady: textOf(under(spec, 'publishNotReadyAddresses')) === 'true' || old === 'true',
  };
}

function budgetOf(object: Tree): Budget {
  const limits = (['maxUnavailable', 'minAvailable'] as const).flatMap((field) => {
    const word = wordOf(under(object, 'spec', field));
    return word === null ? [] : [{ field, ...word }];
  });
  return {
    name: nameOf(object),
    place: under(object, 'spec')?.place ?? object.place,
    namespace: namespaceOf(object),
    labels: labelsOf(under(object, 'spec', 'selector', 'matchLabels')),
    limit: limits[0] ?? null,
  };
}
