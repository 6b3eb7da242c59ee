/** Where something stands: the file as the user named it, and the line, counted from 1. */
export interface Place {
  file: string;
  line: number;
}

/** A line of zoo.cfg, or a variable of an image that becomes one. */
export interface Setting {
  /** As the server knows it: tickTime, server.1. */
  key: string;
  /** Null where the file leaves it open: a shell, a secret or an environment decides. */
  value: string | null;
  /** As the file writes it: tickTime, ZOO_TICK_TIME. */
  written: string;
  place: Place;
  /** The file does not have it: it is the image's own value. */
  implied?: true;
}

/** One server of a server list, as `server.N=host:quorum:election[:type][;client]` names it. */
export interface Peer {
  sid: number;
  host: string;
  quorumPort: number;
  electionPort: number;
  observer: boolean;
  /** What follows ";" (3.5 and later). */
  clientPort?: number;
  /** Other addresses of the same server, behind "|" (3.6 and later). */
  more: number;
  setting: Setting;
}

/** The text of `myid`. */
export type ServerId =
  | { kind: 'unknown' }
  | { kind: 'missing'; why: string; place: Place }
  | { kind: 'text'; text: string; written: string; place: Place };

/** One server, as its files describe it before anything is started. */
export interface Server {
  /** For sentences: "zk1/zoo.cfg", "service zoo1", "pod zk-0". */
  name: string;
  place: Place;
  /** ZooKeeper release that will read the files. */
  release: string;
  /** In the order of the file: of a key that stands twice the last counts. */
  settings: readonly Setting[];
  id: ServerId;
  /** Names the others reach it under; null where the files do not say. */
  hosts: readonly string[] | null;
  /** Where `dataDir` is stored, in words that are equal where two servers have the same; null where the files do not say. */
  storage: string | null;
  /** It has a network of its own, so that localhost is nobody but itself. */
  ownNetwork: boolean;
  /** Names that mean something only within `scope`: services of one compose file, pods of one namespace. */
  scope: string;
  localHosts: readonly string[];
}

/** A variable of a container. */
export interface Variable {
  name: string;
  value: string | null;
  place: Place;
  /** Set from a field of the pod, such as metadata.name. */
  fieldPath?: string;
  /** The value's words with the line each stands on; empty where the value is open. */
  words: readonly { text: string; place: Place }[];
}

/** A container that runs the official image of ZooKeeper, or one with its variables. */
export interface Container {
  name: string;
  place: Place;
  image: string;
  release: string;
  variables: ReadonlyMap<string, Variable>;
  /** Further variables come from a file or an object that was not given. */
  open: boolean;
  /** Commands of health checks and probes. */
  probes: readonly { text: string; place: Place }[];
  /** A zoo.cfg brought in from outside, which the image then leaves as it is. */
  ownConfig: Place | null;
  /** Directories that outlive the container. */
  kept: readonly string[];
  /** The servers these variables make: one, or one a pod; none where nobody can tell. */
  servers: readonly Server[];
}

/** A StatefulSet that runs ZooKeeper. */
export interface Workload {
  name: string;
  kind: string;
  place: Place;
  namespace: string | null;
  replicas: number;
  serviceName: { text: string; place: Place } | null;
  labels: ReadonlyMap<string, string>;
  container: Container;
  /** Command of the readiness probe. */
  readiness: { text: string; place: Place } | null;
  /** Its pods are started together, not each when the one before is ready. */
  parallel: boolean;
}

export interface KubernetesService {
  name: string;
  place: Place;
  namespace: string | null;
  headless: boolean;
  publishNotReady: boolean;
}

export interface Budget {
  name: string;
  place: Place;
  namespace: string | null;
  labels: ReadonlyMap<string, string>;
  limit: { field: 'maxUnavailable' | 'minAvailable'; text: string; place: Place } | null;
}

/** A Kafka broker that is told where ZooKeeper is. */
export interface Broker {
  name: string;
  image: string;
  connect: { written: string; value: string; place: Place };
  /** Names it can reach; null where the files do not say. */
  hosts: readonly string[] | null;
  /** Where it is the container of a pod. */
  pod?: BrokerPod;
}

/** What Kubernetes has to do with a broker. */
export interface BrokerPod {
  namespace: string | null;
  place: Place;
  replicas: number;
  /** Services of the namespace become variables of its own. */
  serviceLinks: boolean;
  /** Its id, where the manifest has it as a number. */
  id: { text: string; place: Place } | null;
  /** Where its partitions are, unless that is open. */
  logDirs: readonly string[];
  /** Where a whole volume of a claim is mounted. */
  claims: readonly { path: string; place: Place }[];
}

/** Everything the files describe. */
export interface Subject {
  servers: Server[];
  containers: Container[];
  workloads: Workload[];
  services: KubernetesService[];
  budgets: Budget[];
  brokers: Broker[];
  /** ZooKeeper of images whose variables are not known here: "service zk (bitnami/zookeeper:3.9)". */
  skipped: string[];
}

/** Servers whose lists name one another. */
export type Ensemble = readonly Server[];

/** What a reader may look at beside the files it is given. */
export interface Disk {
  /** Text of a file; undefined when there is none. */
  read(path: string): string | undefined;
  /** Names in a directory; undefined when there is none. */
  list(path: string): string[] | undefined;
}
