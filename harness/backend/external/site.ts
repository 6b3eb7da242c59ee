import { messageOf, Trouble } from '../../base/trouble.ts';
import type { Undo } from '../../base/undo.ts';
import type { Available, Capabilities, Site } from '../backend.ts';
import type { ForeignServers } from './foreign-servers.ts';
import { Lease } from './lease.ts';
import { foreignMachine } from './machine.ts';

const commandRemedy = 'give a command that does it: --fault and --heal, or the fault "command"';
const notOurs = (what: string): Available => ({
  no: `${what} of somebody else's servers`,
  remedy: commandRemedy,
});

/** Attaches to servers that run already. All it makes there is the node of the run, and disposing removes that. */
export async function makeExternalSite(servers: ForeignServers, undo: Undo): Promise<Site> {
  const { topology, endpoints, runNode, tellRoles } = servers;
  let taking: Promise<Lease> | undefined;
  const release = async () => {
    const lease = await taking;
    try {
      await lease?.release();
    } catch (cause) {
      const remedy = 'when it serves again, `gauntlet attach --clean` with the same --servers does it';
      throw new Trouble(runNode, `could not be removed (${messageOf(cause)})`, remedy, { cause });
    }
  };
  const forget = undo.before(`${runNode} is removed`, release);
  taking = Lease.take(servers, runNode);
  await taking;

  const capabilities: Capabilities = {
    signals: notOurs('no process can be ended or frozen'),
    'cut-links': notOurs('no link can be cut'),
    'cut-ports': notOurs('no port can be cut'),
    wipe: notOurs('no data can be deleted'),
    disks: notOurs('no file can be put on a disk'),
    'shared-address': notOurs('no server can be started'),
    brokers: notOurs('no broker can be started'),
    'full-disk': notOurs('no disk can be filled'),
    'no-myid': notOurs('no file can be kept from a disk'),
    logs: {
      no: 'the logs of somebody else’s servers are not at hand',
      remedy: 'begin the step after a time or a number of writes',
    },
    roles: tellRoles
      ? 'yes'
      : {
          no: 'some servers do not answer srvr, so nobody knows who leads',
          remedy: 'let it through to them, or name servers by id',
        },
    commands: 'yes',
  };
  return {
    topology,
    machines: new Map(endpoints.map((endpoint) => [endpoint.sid, foreignMachine(endpoint)])),
    capabilities,
    // There are none to replace: a plan that cuts is turned down before it begins.
    setCuts: async () => undefined,
    dropped: async () => undefined,
    probe: async () => {
      throw new Error('nothing can be probed from inside the network of somebody else');
    },
    async dispose() {
      await release();
      forget();
    },
  };
}
