import { isCalled } from '../ensembles.ts';
import type { Budget, KubernetesService, Subject, Workload } from '../model.ts';
import { peersOf, votersIn } from '../server.ts';
import type { Check, Found } from './check.ts';

const perWorkload =
  (find: (workload: Workload, subject: Subject) => Found[]) =>
  (subject: Subject): Found[] =>
    subject.workloads.flatMap((workload) => find(workload, subject));

/** StatefulSets, the Service their pods are named by, and disruption budgets. */
export const kubernetesChecks: readonly Check[] = [
  {
    id: 'pod-name-as-id',
    severity: 'error',
    about: 'ZOO_MY_ID from metadata.name: a pod is called zk-0, not 1',
    effect:
      'the entry point writes the name into myid, and the server exits with 2: "serverid zk-0 is not a number"',
    remedy:
      "compute it from the pod's name: command: [bash, -c, 'ZOO_MY_ID=$(($(hostname | sed s/.*-//)+1)) exec " +
      "/docker-entrypoint.sh zkServer.sh start-foreground']",
    source: 'QuorumPeerConfig.setupMyId',
    find: ({ containers }) =>
      containers.flatMap(({ variables }) => {
        const id = variables.get('ZOO_MY_ID');
        return id?.fieldPath === undefined || id.fieldPath.includes('pod-index')
          ? []
          : [{ place: id.place, what: `ZOO_MY_ID is ${id.fieldPath}, which is no number` }];
      }),
  },
  {
    id: 'replicas-without-list',
    severity: 'error',
    about: 'a StatefulSet of several ZooKeeper servers without a server list',
    effect:
      'every pod runs in standalone mode: as many ensembles of one as there are replicas, each with its own data',
    remedy: 'set ZOO_SERVERS with one server.N=NAME-n.SERVICE:2888:3888;2181 a pod',
    source: 'QuorumPeerMain.initializeAndRun',
    find: perWorkload(({ replicas, container }) => {
      const [server] = container.servers;
      const alone = server?.settings.every(({ key, implied }) => !key.startsWith('server.') || implied);
      return replicas > 1 && alone && !server?.settings.some(({ key }) => key === 'dynamicConfigFile')
        ? [{ place: container.place, what: `${replicas} replicas, and no list of servers` }]
        : [];
    }),
  },
  {
    id: 'pod-not-in-list',
    severity: 'error',
    about: 'more replicas than servers in the list',
    effect:
      'a server whose id the list does not have exits with 1 ("not in the peer list"); one that is in nobody else\'s list ' +
      'never joins',
    remedy: 'list every pod, NAME-0 to NAME-(replicas-1)',
    source: 'QuorumPeer.start',
    find: perWorkload(({ container: { servers } }) =>
      servers.flatMap((server): Found[] => {
        const peers = peersOf(server);
        const speaksOfPods = peers.some(({ host }) => server.localHosts.some((name) => isCalled(host, name)));
        const listed = peers.some(({ host }) => server.hosts?.some((name) => isCalled(host, name)));
        return speaksOfPods && !listed
          ? [{ place: peers.at(-1)!.setting.place, what: `${server.name} is not in the list` }]
          : [];
      }),
    ),
  },
  {
    id: 'service-not-headless',
    severity: 'error',
    about:
      'a StatefulSet whose serviceName is missing, not among the manifests, or not headless (clusterIP: None)',
    effect:
      'pods get no names of their own (zk-0.SERVICE): no server finds another. With a Service of its own for each pod the ' +
      'name is an address the pod does not have: "Cannot assign requested address", exit 14',
    remedy: 'add a Service with clusterIP: None and its name as serviceName',
    source: 'Kubernetes, StatefulSet: stable network identity; QuorumCnxManager.Listener',
    find: perWorkload((workload, { services }) => {
      if (workload.replicas < 2) return [];
      const { serviceName, place, name } = workload;
      if (serviceName === null) return [{ place, what: `StatefulSet ${name} has no serviceName` }];
      const service = serviceOf(workload, services);
      if (service === undefined && services.length === 0) return [];
      if (service === undefined)
        return [{ place: serviceName.place, what: `there is no Service ${serviceName.text} in these files` }];
      return service.headless
        ? []
        : [{ place: service.place, what: `Service ${service.name} of ${name} has no clusterIP: None` }];
    }),
  },
  {
    id: 'pods-hidden',
    severity: 'advice',
    about: 'a readiness probe, and a headless Service that publishes only ready pods',
    effect:
      'a server can be ready only with a quorum, and can be found only when it is ready: servers that start together may ' +
      'wait for each other ("UnknownHostException") until DNS lets one through',
    remedy: 'set publishNotReadyAddresses: true on the headless Service; clients use another Service',
    source: 'Kubernetes, Service: publishNotReadyAddresses',
    find: perWorkload((workload, { services }) => {
      const service = serviceOf(workload, services);
      return workload.readiness !== null &&
        workload.replicas > 1 &&
        service?.headless &&
        !service.publishNotReady
        ? [{ place: service.place, what: `Service ${service.name} hides pods that are not ready` }]
        : [];
    }),
  },
  {
    id: 'quorum-before-second-pod',
    severity: 'error',
    about: 'a readiness probe that asks for a quorum, and pods that are started one by one',
    effect:
      'the first pod is ready only with a quorum, and the second is started only when the first is ready: there is never ' +
      'more than one server ("not currently serving requests")',
    remedy: 'set podManagementPolicy: Parallel on the StatefulSet',
    source: 'Kubernetes, StatefulSet: pod management policies',
    find: perWorkload(({ name, replicas, readiness, parallel, container }) => {
      const voters = votersIn(container.servers[0] ? peersOf(container.servers[0]) : []).length;
      return replicas > 1 && voters > 1 && readiness !== null && !parallel && quorumWords.test(readiness.text)
        ? [{ place: readiness.place, what: `${name}-0 has to find a quorum before there is ${name}-1` }]
        : [];
    }),
  },
  {
    id: 'storage-ends-with-pod',
    severity: 'error',
    about: 'servers of a StatefulSet without a lasting volume for their data',
    effect:
      'a pod that moves to another node comes back empty. Two of three that do so before they have synchronised form a ' +
      'quorum without the writes the third had acknowledged: they are gone',
    remedy: 'add volumeClaimTemplates and mount them at /data and /datalog',
    source: 'ZooKeeper internals: a quorum intersects every other only while no member forgets',
    find: perWorkload(({ replicas, container: { kept, place, variables } }) => {
      const data = variables.get('ZOO_DATA_DIR')?.value ?? '/data';
      const isKept = kept.some((path) => data === path || data.startsWith(`${path}/`));
      return replicas > 1 && !isKept
        ? [{ place, what: `${data} is not on a volume that outlives the pod` }]
        : [];
    }),
  },
  {
    id: 'budget-breaks-quorum',
    severity: 'error',
    about: 'a PodDisruptionBudget that lets a majority of the servers go at once',
    effect:
      'draining nodes may stop so many servers that the rest is no quorum: nobody serves until one is back',
    remedy: 'set maxUnavailable: 1',
    source: 'Kubernetes, PodDisruptionBudget; QuorumMaj',
    find: ({ workloads, budgets }) =>
      budgets.flatMap((budget) =>
        workloads
          .filter((workload) => covers(budget, workload))
          .flatMap((workload) => tooMany(budget, workload)),
      ),
  },
];

/** What only a server with a leader answers: its mode (srvr, stat), or its state (mntr). */
const quorumWords = /\bMode\b|zk_server_state/;

export const sameNamespace = (a: { namespace: string | null }, b: { namespace: string | null }) =>
  a.namespace === null || b.namespace === null || a.namespace === b.namespace;

function serviceOf(
  workload: Workload,
  services: readonly KubernetesService[],
): KubernetesService | undefined {
  return services.find(
    (service) => service.name === workload.serviceName?.text && sameNamespace(service, workload),
  );
}

function covers(budget: Budget, workload: Workload): boolean {
  const labels = [...budget.labels];
  return (
    sameNamespace(budget, workload) &&
    labels.length > 0 &&
    labels.every(([key, value]) => workload.labels.get(key) === value)
  );
}

function tooMany({ limit, name }: Budget, { replicas, container }: Workload): Found[] {
  const voters = votersIn(container.servers[0] ? peersOf(container.servers[0]) : []).length || replicas;
  if (limit === null || voters < 3) return [];
  const percent = /^(\d+)%$/.exec(limit.text)?.[1];
  // Kubernetes rounds both up (intstr.GetScaledValueFromIntOrPercent).
  const count = percent === undefined ? Number(limit.text) : Math.ceil((replicas * Number(percent)) / 100);
  if (Number.isNaN(count)) return [];
  const gone = limit.field === 'maxUnavailable' ? count : replicas - count;
  const bearable = Math.ceil(voters / 2) - 1;
  if (gone <= bearable) return [];
  const what = `${name} lets ${gone} of ${replicas} servers go, and ${voters} voters bear the loss of ${bearable}`;
  return [{ place: limit.place, what }];
}
