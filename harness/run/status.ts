import { messageOf } from '../base/trouble.ts';
import { fourLetter, NoAnswer, parseSrvr } from '../client/four-letter.ts';
import type { Ensemble } from '../ensemble/ensemble.ts';
import type { Endpoint } from '../topology/endpoint.ts';
import { nodeName } from '../topology/topology.ts';
import { atLeast } from '../topology/version.ts';
import { settingsOf } from '../topology/zoo-cfg.ts';

const askMs = 2000;
/** Where a server serves its commands over HTTP (AdminServer, since 3.5). */
const adminPort = 8080;

/** What one server says it is, by the way it was asked. */
type Said = Record<string, string>;

/** Whom to ask, and where. */
export type Asked = Pick<Ensemble, 'members' | 'machine' | 'topology'>;

/** Asks every member in every way there is; one that is not asked in time says so, and that is no agreement. */
export async function statusesAgree(ensemble: Asked): Promise<{ met: boolean; seen: string }> {
  const all = await Promise.all(
    ensemble.members.map(async (sid) => ({ sid, said: await askAll(ensemble, sid) })),
  );
  const met = all.every(
    ({ said: { ruok, ...modes } }) => ruok === 'imok' && new Set(Object.values(modes)).size === 1,
  );
  const seen = all.map(({ sid, said }) => {
    const ways = Object.entries(said).map(([way, what]) => `${way} ${what}`);
    return `${nodeName(sid)}: ${ways.join(', ')}`;
  });
  return { met, seen: seen.join('; ') };
}

async function askAll(ensemble: Asked, sid: number): Promise<Said> {
  const { endpoint } = ensemble.machine(sid);
  const { version } = ensemble.topology.nodes.find((node) => node.sid === sid)!;
  const hasAdmin =
    atLeast(version, '3.5.0') && settingsOf(ensemble.topology, version)['admin.enableServer'] === 'true';
  return {
    srvr: modeIn(await word(endpoint, 'srvr')),
    stat: modeIn(await word(endpoint, 'stat')),
    mntr: /^zk_server_state\t(.+)$/m.exec(await word(endpoint, 'mntr'))?.[1]?.trim() ?? 'nothing',
    ruok: await word(endpoint, 'ruok'),
    ...(hasAdmin && { AdminServer: await adminMode(endpoint) }),
  };
}

async function word(endpoint: Endpoint, asked: string): Promise<string> {
  try {
    return await fourLetter(endpoint, asked, askMs);
  } catch (error) {
    if (error instanceof NoAnswer) return 'no answer';
    throw error;
  }
}

function modeIn(text: string): string {
  const srvr = parseSrvr(text);
  return srvr.kind === 'serving' ? srvr.mode : (/^Mode: (.+)$/m.exec(text)?.[1]?.trim() ?? srvr.kind);
}

async function adminMode({ host }: Endpoint): Promise<string> {
  try {
    const signal = AbortSignal.timeout(askMs);
    const response = await fetch(`http://${host}:${adminPort}/commands/stats`, { signal });
    const { server_stats: stats } = (await response.json()) as { server_stats?: { server_state?: string } };
    return stats?.server_state ?? 'nothing';
  } catch (error) {
    return `no answer (${messageOf(error)})`;
  }
}
