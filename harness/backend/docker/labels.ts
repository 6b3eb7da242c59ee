import { livenessOf, ownIdentity, type ProcessIdentity } from '../../distribution/process-identity.ts';

/** Every object of ours on an engine carries all of these; nothing without them is ever touched. */
export const label = {
  /** Which run it belongs to, for people. */
  run: 'org.zk-gauntlet.run',
  scenario: 'org.zk-gauntlet.scenario',
  role: 'org.zk-gauntlet.role',
  /** Which site: what is created together is removed together, and nothing else with it. Random, so never shared. */
  site: 'org.zk-gauntlet.site',
  /** The process that must live for these objects to be of use, as JSON. */
  owner: 'org.zk-gauntlet.owner',
} as const;

type Role = 'network' | 'holder' | 'server' | 'storage' | 'check';
export type Labels = Record<string, string>;

export interface SiteLabels {
  /** The value of `label.site`. */
  site: string;
  of(role: Role): Labels;
}

export async function siteLabels(
  run: string,
  scenario: string,
  /** More labels for all of them, such as the session of another reaper. */
  extra: Labels = {},
): Promise<SiteLabels> {
  const site = crypto.randomUUID().slice(0, 13);
  const owner = JSON.stringify(await ownIdentity());
  const common = {
    ...extra,
    [label.run]: run,
    [label.scenario]: scenario,
    [label.site]: site,
    [label.owner]: owner,
  };
  return { site, of: (role) => ({ ...common, [label.role]: role }) };
}

/** Whether the owner named by an object's labels has surely ended. `unknown`: on another machine, or unreadable. */
export async function ownerOf(labels: Labels): Promise<'alive' | 'gone' | 'unknown'> {
  const identity = parseOwner(labels[label.owner] ?? '');
  if (!identity) return 'unknown';
  const liveness = await livenessOf(identity);
  return liveness === 'elsewhere' ? 'unknown' : liveness;
}

function parseOwner(text: string): ProcessIdentity | undefined {
  try {
    const { pid, started, place } = JSON.parse(text) as Partial<ProcessIdentity>;
    return pid !== undefined && started !== undefined && place !== undefined
      ? { pid, started, place }
      : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
