import type { Cut, Probe, Reach, Site } from '../backend/backend.ts';
import { WaitedInVain, waitFor } from '../base/wait.ts';
import { nodeName } from '../topology/topology.ts';
import { FaultMissed, FaultStuck } from './fault.ts';
import type { OpenCuts } from './open-cuts.ts';

/** Nothing listens there (echo, RFC 862), so a working path answers with a reset and no server is bothered. */
const quietPort = 7;

/**
 * How long a path may take until a connect is answered: after a heal neighbour discovery retries once a second
 * (RFC 4861), and on a busy machine a probe may miss its turn.
 */
const answerMs = 5000;

/** The connects whose silence shows a cut: TCP needs both directions, so either end may ask. */
export function probesOf(site: Site, cuts: readonly Cut[]): { probe: Probe; cut: Cut }[] {
  const seen = new Map<string, { probe: Probe; cut: Cut }>();
  for (const cut of cuts) {
    const port = portOf(site, cut);
    if (cut.to !== 'clients') add({ from: cut.from, to: cut.to, port }, cut);
    if (cut.from !== 'clients') add({ from: cut.to, to: cut.from, port }, cut);
  }
  return [...seen.values()];

  function add(probe: Probe, cut: Cut) {
    const key = `${probe.from}>${probe.to}:${probe.port}`;
    if (!seen.has(key)) seen.set(key, { probe, cut });
  }
}

/**
 * Where clients are nothing need listen, so no answer is asked for there. But a server whose clients cannot reach it has
 * nothing to say to them: only its own connects are lost on the way, and counted.
 */
function knocksOf(site: Site, cuts: readonly Cut[]): Probe[] {
  return cuts
    .filter(({ to }) => to === 'clients')
    .map((cut) => ({ from: cut.from, to: cut.to, port: portOf(site, cut) }));
}

const portOf = ({ topology }: Site, { ports }: Cut) => (ports === 'all' ? quietPort : topology.ports[ports]);

/** Paths must work before they are cut, or their silence afterwards would prove nothing. */
export async function provePathsWork(
  site: Site,
  cuts: readonly Cut[],
  open: OpenCuts,
  owner: object,
): Promise<void> {
  const { silent } = await answering(site, cuts, open, owner);
  if (silent.length > 0) throw new FaultMissed(`before the cut, ${silent.join(', ')} was already silent`);
}

/**
 * Nothing comes through, and the kernel has counted packets of every cut. On a busy machine a probe may give up before its
 * packet is sent: silent, and no proof. Those are asked again; one that comes through is a leak at once.
 */
export async function proveCuts(site: Site, cuts: readonly Cut[]): Promise<string[]> {
  const probes = probesOf(site, cuts);
  const all = [...probes.map(({ probe }) => probe), ...knocksOf(site, cuts)];
  let idle: Cut | undefined;
  const look = async () => {
    const reaches = await site.probe(all);
    const leaks = probes.filter((_, i) => reaches[i] !== 'silent');
    const counts = await Promise.all(cuts.map((cut) => site.dropped(cut)));
    idle = cuts.find((_, i) => counts[i] === 0);
    return leaks.length > 0 || idle === undefined ? { leaks, counts } : undefined;
  };
  const seen = await waitFor({ what: 'packets of every cut', deadlineMs: answerMs }, look).catch((error) => {
    if (!(error instanceof WaitedInVain) || idle === undefined) throw error;
    throw new FaultMissed(`the kernel dropped no packet ${direction(idle)}`);
  });
  if (seen.leaks.length > 0) {
    const open = seen.leaks.map(({ probe }) => path(probe));
    throw new FaultMissed(`after the cut, ${open.join(', ')} still answers`);
  }
  return [
    ...probes.map(({ probe }) => `${path(probe)} is silent`),
    ...cuts.flatMap((cut, i) =>
      seen.counts[i] === undefined ? [] : `${seen.counts[i]} packets dropped ${direction(cut)}`,
    ),
  ];
}

export async function proveHealed(
  site: Site,
  cuts: readonly Cut[],
  open: OpenCuts,
  owner: object,
): Promise<string[]> {
  const { silent, answers } = await answering(site, cuts, open, owner);
  if (silent.length > 0) throw new FaultStuck(`${silent.join(', ')} stayed silent after the heal`);
  return answers;
}

/** Asks until every path answers that no other fault holds, or says which stayed silent. */
async function answering(site: Site, cuts: readonly Cut[], open: OpenCuts, owner: object) {
  const probes = probesOf(site, cuts).filter(({ cut }) => !alreadyTouched(cut, open, owner));
  let silent: string[] = [];
  try {
    return await waitFor({ what: 'links to answer', deadlineMs: answerMs }, async () => {
      const reaches = await site.probe(probes.map(({ probe }) => probe));
      silent = probes.filter((_, i) => !isAnswer(reaches[i]!)).map(({ probe }) => path(probe));
      const answers = probes.map(({ probe }, i) => `${path(probe)}: ${reaches[i]}`);
      return silent.length === 0 ? { silent, answers } : undefined;
    });
  } catch (error) {
    if (!(error instanceof WaitedInVain) || silent.length === 0) throw error;
    return { silent, answers: [] };
  }
}

/** Another fault holds this link, in this or the opposite direction (TCP needs both). */
function alreadyTouched(cut: Cut, open: OpenCuts, owner: object): boolean {
  return open.touches(cut, owner) || open.touches({ ...cut, from: cut.to, to: cut.from }, owner);
}

const isAnswer = (reach: Reach) => reach === 'open' || reach === 'refused';
const placeName = (place: Probe['from']) => (place === 'clients' ? 'clients' : nodeName(place));
const path = ({ from, to, port }: Probe) => `${placeName(from)} to ${placeName(to)}:${port}`;
const direction = ({ from, to, ports }: Cut) =>
  `from ${placeName(from)} to ${placeName(to)}${ports === 'all' ? '' : ` (${ports} port)`}`;
