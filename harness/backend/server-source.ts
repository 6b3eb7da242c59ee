import type { ServerSoftware } from '../distribution/zookeeper.ts';
import type { ContainerServers } from './docker/server-image.ts';

/**
 * Where servers come from, for every release a run needs: programs of this machine, or images of an engine. Plain data,
 * handed to scenario processes; paths and addresses of this machine, so no part of the run directory.
 */
export type ServerSource =
  | { backend: 'sandbox'; java: string; software: Record<string, ServerSoftware> }
  | ({ backend: 'docker' } & ContainerServers);
