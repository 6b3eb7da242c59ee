import { atLeast, compareVersions } from '../../harness/topology/version.ts';

/** A change of what servers answer that the project announced. */
export interface Documented {
  what: string;
  /** Issue in the project's JIRA. */
  source: string;
  /** The first release of every line that has it; lines after the last have it too. */
  since: readonly string[];
  calls: RegExp;
  /** Answers of releases without it, and with it. */
  without: RegExp;
  with: RegExp;
}

/** How servers refuse a request they do not know; they close the connection behind it. */
const unknownRequest = /^(UNIMPLEMENTED|MARSHALLINGERROR|CONNECTIONLOSS)\b/;
const anything = /^/;

/** Small on purpose: what is not here is told as surprising, and looked at by a person. */
const documented: readonly Documented[] = [
  {
    what: 'create may answer with the Stat of the node',
    source: 'ZOOKEEPER-1297',
    since: ['3.5.0'],
    calls: /asking for its Stat/,
    without: unknownRequest,
    with: anything,
  },
  {
    what: 'container nodes',
    source: 'ZOOKEEPER-2163',
    since: ['3.5.1'],
    calls: /^create \S+ container/,
    without: unknownRequest,
    with: anything,
  },
  {
    what: 'nodes with a TTL',
    source: 'ZOOKEEPER-2169',
    since: ['3.5.3'],
    calls: /with a TTL/,
    without: unknownRequest,
    with: anything,
  },
  {
    what: 'clients may remove watches',
    source: 'ZOOKEEPER-442',
    since: ['3.5.0'],
    calls: /^removeWatches/,
    without: unknownRequest,
    with: anything,
  },
  {
    what: 'persistent and recursive watches',
    source: 'ZOOKEEPER-1416',
    since: ['3.6.0'],
    calls: /^addWatch/,
    without: unknownRequest,
    with: anything,
  },
  {
    what: 'removing data watches leaves persistent watches alone',
    source: 'ZOOKEEPER-4471',
    since: ['3.9.0'],
    calls: /^removeWatches \S+ (data|children)/,
    without: /^ok/,
    with: /^NOWATCHER/,
  },
  {
    what: 'exists asks for the permission to read',
    source: 'ZOOKEEPER-2590',
    since: ['3.7.3', '3.8.4', '3.9.2'],
    calls: /^exists/,
    without: /^ok/,
    with: /^NOAUTH/,
  },
  {
    what: 'access lists are only for who may read or administer the node',
    source: 'ZOOKEEPER-1392',
    since: ['3.4.14', '3.5.5'],
    calls: /^getACL/,
    without: /^ok/,
    with: /^NOAUTH/,
  },
  {
    what: 'networks in access lists of the scheme ip',
    source: 'ZOOKEEPER-1673',
    since: ['3.5.1'],
    calls: /^setACL .*\d\/\d/,
    without: /^INVALIDACL/,
    with: /^ok/,
  },
];

/** What announced a difference between two answers to one call; undefined when nothing here did. */
export function announcementOf(
  { call, before, after }: { call: string; before: string; after: string },
  { from, to }: { from: string; to: string },
): Documented | undefined {
  return documented.find((each) => {
    const [had, has] = [isIn(from, each.since), isIn(to, each.since)];
    if (had === has || !each.calls.test(call)) return false;
    const [without, withIt] = has ? [before, after] : [after, before];
    return each.without.test(without) && each.with.test(withIt);
  });
}

const lineOf = (version: string) => version.split('.').slice(0, 2).join('.');

/** Fixes come to several lines at once: 3.8.4 has what came with 3.9.2, and 3.9.0 has not. */
function isIn(version: string, since: readonly string[]): boolean {
  const own = since.find((first) => lineOf(first) === lineOf(version));
  if (own !== undefined) return atLeast(version, own);
  return since.every((first) => compareVersions(version, first) > 0);
}
