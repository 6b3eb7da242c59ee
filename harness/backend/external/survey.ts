import { Trouble } from '../../base/trouble.ts';
import { WaitedInVain, waitFor } from '../../base/wait.ts';
import { openAcl } from '../../client/acl.ts';
import type { Auth } from '../../client/auth.ts';
import { addressOf, type ConnectString } from '../../client/connect-string.ts';
import { errorName, errors } from '../../client/errors.ts';
import { createModes } from '../../client/requests.ts';
import type { NodeSpec, Topology } from '../../topology/topology.ts';
import type { ForeignServers } from './foreign-servers.ts';
import { configuredSid, type Met, meet } from './meet.ts';

export type Survey = Pick<ForeignServers, 'topology' | 'endpoints' | 'tellRoles'> & {
  /** What cannot be put to the test on them, a half-sentence each. */
  untested: string[];
};

/** Longest wait until a write is seen everywhere: a follower that lags further is dropped by its leader. */
const seenMs = 5000;

/**
 * Everything that must hold before a run begins, found out by doing it: each server gives a session, all are members of
 * one ensemble and each another one, and below the chroot nodes can be made and deleted. Leaves nothing behind. Throws a
 * `Trouble` for the first thing that does not hold.
 */
export async function survey({ servers, chroot }: ConnectString, auth: Auth | undefined): Promise<Survey> {
  const meetings = await Promise.allSettled(servers.map((address) => meet(address, auth)));
  const met = meetings.flatMap((each) => (each.status === 'fulfilled' ? each.value : []));
  try {
    for (const each of meetings) if (each.status === 'rejected') throw each.reason;
    await tellApart(met);
    await tryRights(met, chroot);
    met.sort((a, b) => a.sid - b.sid);
    return {
      topology: topologyOf(met),
      endpoints: met.map(({ sid, address }) => ({ sid, ...address })),
      tellRoles: met.every(({ srvr }) => srvr !== undefined),
      untested: ['what survives a loss of power: the servers are not ours to kill', ...(await unseenOf(met))],
    };
  } finally {
    await Promise.all(met.map(({ session }) => session.close()));
  }
}

/** Each must be a server of its own, or an answer could not be laid at anybody's door. */
async function tellApart(met: Met[]): Promise<void> {
  if (twins(met) === undefined) return;
  for (const each of met) each.sid = (await configuredSid(each.address)) ?? each.sid;
  const same = twins(met);
  if (same === undefined) return;
  const [one, other] = same.map(({ address }) => addressOf(address));
  const reason = `both are server ${same[0].sid}`;
  throw new Trouble(`servers ${one} and ${other}`, reason, 'give each server once, by an address of its own');
}

function twins(met: readonly Met[]): [Met, Met] | undefined {
  for (const [i, other] of met.entries()) {
    const one = met.slice(0, i).find(({ sid }) => sid === other.sid);
    if (one) return [one, other];
  }
  return undefined;
}

/** Makes a node that lasts no longer than this, sees it on all other servers, and deletes it. */
async function tryRights(met: readonly Met[], chroot: string): Promise<void> {
  const [first, ...others] = met as [Met, ...Met[]];
  const path = `${chroot}/gauntlet-probe-${first.session.id}`;
  const parent = chroot || '/';
  const mode = createModes.ephemeral;
  const made = await first.session.request({
    kind: 'create',
    path,
    data: null,
    acls: openAcl,
    mode,
    ttlMs: 0,
    stat: false,
  });
  if (made.error !== 0) throw refusal(parent, 'made', made.error);
  await Promise.all(others.map((other) => seesNode(other, path, first)));
  const deleted = await first.session.request({ kind: 'delete', path, version: -1 });
  if (deleted.error !== 0) throw refusal(parent, 'deleted', deleted.error);
}

/** A sync may come back before the write it follows (ZOOKEEPER-1675), so a server is asked for a while. */
async function seesNode({ session, address }: Met, path: string, writer: Met): Promise<void> {
  const what = `${path} on ${addressOf(address)}`;
  try {
    await waitFor({ what, deadlineMs: seenMs, everyMs: 100 }, async () => {
      await session.request({ kind: 'sync', path });
      const { error } = await session.request({ kind: 'exists', path, watch: false });
      return error === 0 || undefined;
    });
  } catch (cause) {
    if (!(cause instanceof WaitedInVain)) throw cause;
    const reason = `it does not show what was written through ${addressOf(writer.address)} ${seenMs / 1000} s ago`;
    const remedy = 'give servers of one ensemble only';
    throw new Trouble(`server ${addressOf(address)}`, reason, remedy, { cause });
  }
}

function refusal(parent: string, what: 'made' | 'deleted', error: number): Trouble {
  const thing = `node ${parent}`;
  switch (error) {
    case errors.NONODE.code:
      return new Trouble(thing, 'there is no such node', 'create it, or correct the chroot in --servers');
    case errors.NOAUTH.code:
      return new Trouble(
        thing,
        `its ACL does not let nodes below it be ${what}`,
        'give --auth digest:user:password, or a chroot where that is allowed',
      );
    case errors.NOTREADONLY.code:
      return new Trouble(
        thing,
        'the server is read-only now: it hears no quorum',
        'start more of its ensemble',
      );
    case errors.SESSIONCLOSEDREQUIRESASLAUTH.code:
      return new Trouble(
        thing,
        'the servers demand authentication',
        'give --auth; SASL cannot be done from here',
      );
    default: {
      const remedy = 'see the log of the server';
      return new Trouble(thing, `no node can be ${what} below it (${errorName(error)})`, remedy);
    }
  }
}

function topologyOf(met: readonly Met[]): Topology {
  const nodes = met.map(
    ({ sid, srvr }): NodeSpec => ({
      sid,
      kind: srvr?.mode === 'observer' ? 'observer' : 'voter',
      version: srvr?.version ?? 'unknown',
      weight: 1,
      group: undefined,
      jvmFlags: [],
    }),
  );
  const ports = { client: 2181, quorum: 2888, election: 3888 };
  return { nodes, ports, separateLogDir: false, settings: {} };
}

async function unseenOf(met: readonly Met[]): Promise<string[]> {
  const mute = met.filter(({ srvr }) => srvr === undefined).map(({ address }) => addressOf(address));
  const members = (await membersIn(met[0]!)) ?? 0;
  const others = `what other servers hold: the ensemble has ${members}, and ${met.length} were given`;
  return [
    ...(mute.length > 0 ? [`who leads, and when: ${mute.join(', ')} did not answer srvr`] : []),
    ...(members > met.length ? [others] : []),
  ];
}

/** How many servers the ensemble's own configuration names (3.5 and later; ZooDefs.CONFIG_NODE). */
async function membersIn({ session }: Met): Promise<number | undefined> {
  const { body } = await session.request({ kind: 'getData', path: '/zookeeper/config', watch: false });
  return typeof body?.data === 'string' ? body.data.match(/^server\.\d+=/gm)?.length : undefined;
}
