/** A StatefulSet with what must stand around it, for nodes of one layer. */
export interface NodeSet {
  name: string;
  replicas: number;
  image: string;
  /** What its pods run, in bash; knows the pod's name as HOSTNAME. */
  script: string;
  /** Variables; a value may hold $(POD_NAME). */
  env: Readonly<Record<string, string | number>>;
  ports: Readonly<Record<string, number>>;
  /** A shell command that succeeds when the node serves. */
  serves: string;
  /** Lasting volumes, by name: where they are mounted. */
  volumes: Readonly<Record<string, string>>;
  memory: string;
  /** How long an orderly end may take, s. */
  graceSeconds: number;
}

/** Bytes of disk a node asks for; whoever takes the manifest knows better. */
const storage = '10Gi';
/** Both images have such a user; volumes belong to its group. */
const user = 1000;

/** The headless Service that names the pods, a disruption budget, and the StatefulSet: objects of a manifest. */
export function kubernetesSet(set: NodeSet): object[] {
  const { name, replicas } = set;
  const labels = { 'app.kubernetes.io/name': name };
  return [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, labels },
      spec: {
        clusterIP: 'None',
        // A node is ready only when it has found others, and can be found only here.
        publishNotReadyAddresses: true,
        selector: labels,
        ports: Object.entries(set.ports).map(([port, number]) => ({ name: port, port: number })),
      },
    },
    {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name, labels },
      spec: { maxUnavailable: 1, selector: { matchLabels: labels } },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: { name, labels },
      spec: {
        serviceName: name,
        replicas,
        // In order, the first pod would have to be ready before there is a second to make a quorum with.
        podManagementPolicy: 'Parallel',
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: podOf(set, labels) },
        volumeClaimTemplates: Object.keys(set.volumes).map((volume) => ({
          metadata: { name: volume },
          spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage } } },
        })),
      },
    },
  ];
}

function podOf(set: NodeSet, labels: Record<string, string>): object {
  const { name, image, script, env, ports, serves, volumes, memory, graceSeconds } = set;
  return {
    // Else a Service with an address that is called kafka becomes KAFKA_PORT=tcp://…, which images take for a setting.
    enableServiceLinks: false,
    terminationGracePeriodSeconds: graceSeconds,
    securityContext: { runAsNonRoot: true, runAsUser: user, runAsGroup: user, fsGroup: user },
    affinity: {
      podAntiAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [
          { labelSelector: { matchLabels: labels }, topologyKey: 'kubernetes.io/hostname' },
        ],
      },
    },
    containers: [
      {
        name,
        image,
        command: ['bash', '-c', script],
        env: [
          { name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
          ...Object.entries(env).map(([variable, value]) => ({ name: variable, value: String(value) })),
        ],
        ports: Object.entries(ports).map(([port, number]) => ({ name: port, containerPort: number })),
        readinessProbe: { exec: { command: ['bash', '-c', serves] }, periodSeconds: 5, timeoutSeconds: 5 },
        resources: { requests: { cpu: '250m', memory }, limits: { memory } },
        volumeMounts: Object.entries(volumes).map(([volume, mountPath]) => ({ name: volume, mountPath })),
      },
    ],
  };
}
