import type { Auth } from '../../client/auth.ts';
import type { Endpoint } from '../../topology/endpoint.ts';
import type { Topology } from '../../topology/topology.ts';

/** Servers that somebody else runs, as they were found. Plain data, handed to scenario processes. */
export interface ForeignServers {
  topology: Topology;
  endpoints: readonly Endpoint[];
  /** Path of the one node that this run makes; nothing is read or written outside of it. */
  runNode: string;
  auth?: Auth;
  /** Whether all of them answer `srvr`: what a server is, nobody else can tell. */
  tellRoles: boolean;
}
