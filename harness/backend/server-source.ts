import type { JavaClients } from '../distribution/java-clients.ts';
import type { ServerSoftware } from '../distribution/zookeeper.ts';
import type { ContainerServers } from './docker/server-image.ts';
import type { ForeignServers } from './external/foreign-servers.ts';

/**
 * Where servers come from, for every release a run needs: programs of this machine, or images of an engine; or where
 * they are, when somebody else runs them. Plain data, handed to scenario processes; paths and addresses of this machine
 * and credentials, so no part of the run directory.
 */
export type ServerSource =
  | {
      backend: 'sandbox';
      java: string;
      software: Record<string, ServerSoftware>;
      kafka?: Record<string, ServerSoftware>;
      /** Kafka's own clients of each of these releases. */
      javaClients?: Record<string, JavaClients>;
    }
  | ({ backend: 'docker' } & ContainerServers)
  | ({ backend: 'external' } & ForeignServers);

/** Servers that we start ourselves, in a network of ours. */
export type OwnServers = Exclude<ServerSource, { backend: 'external' }>;
