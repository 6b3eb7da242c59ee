import { nodeName } from '../topology/topology.ts';
import { canCommit, hasQuorum, type Stretch, stretches, together } from './connectivity.ts';
import type { Evidence, Judgement, Rule } from './rule.ts';
import { accountOf, acknowledgedRows } from './tree/account.ts';
import { count, finding, opWords, report, seconds } from './words.ts';

const name = 'quorum-law';

interface Wrong {
  row: number;
  spans: Stretch[];
  anywhere: boolean;
}

/**
 * A write is acknowledged only when a quorum of voters has logged it. Checked against what the harness proved about the
 * ensemble: no write may be acknowledged by a server that, from invocation to answer, could not reach a leader with a
 * quorum, because too many servers were down or frozen or the links were cut.
 */
export const quorumLaw: Rule = {
  name,
  about: 'nothing is acknowledged by servers that cannot reach a quorum of voters',
  guarantee: {
    quote:
      '"Proposals are sent to all ZooKeeper servers and committed when a quorum of them acknowledge the proposal. [...] Acknowledgement means the server has recorded the proposal to persistent storage. Our quorums have the requirement that any pair of quorum must have at least one server in common."',
    source: 'ZooKeeper Internals (zookeeperInternals.md), "Guarantees, Properties, and Definitions"',
  },
  cannotSee: [
    'writes whose time touches the begin or the end of a fault: it must hold from request to answer',
    'lost traffic that the harness did not cause',
  ],
  byDesign: ['reads: a server that has lost its quorum answers them until it notices'],
  needs: ['server-processes', 'one-membership'],
  judge(evidence: Evidence): Judgement {
    const { history, topology } = evidence;
    const all = stretches(evidence);
    const able = all.map(
      (stretch) => new Map(topology.nodes.map(({ sid }) => [sid, canCommit(topology, stretch, sid)])),
    );
    const rows = acknowledgedRows(accountOf(evidence));
    const wrong: Wrong[] = [];
    let cornered = 0;
    for (const row of rows) {
      const sid = history.server[row]!;
      const [first, last] = [history.invokedNs[row]!, history.returnedNs[row]!].map((ns) =>
        indexAt(all, ns),
      ) as [number, number];
      // A client that does not tell its server may have been on any.
      const sids = sid > 0 ? [sid] : topology.nodes.map((node) => node.sid);
      const could = (place: number) => sids.some((each) => able[place]!.get(each) !== false);
      if (could(first) || could(last)) continue;
      cornered++;
      const spans = all.slice(first, last + 1);
      const whole = together(spans);
      if (sids.some((each) => canCommit(topology, whole, each))) continue;
      wrong.push({ row, spans, anywhere: spans.some((stretch) => hasQuorum(topology, stretch)) });
    }
    const { findings, more } = report(wrong, (each) => write(evidence, each));
    const windows = all.filter((stretch) => Number.isFinite(stretch.fromNs) && !hasQuorum(topology, stretch));
    const split = all.filter((stretch) =>
      topology.nodes.some(({ sid }) => stretch.up.has(sid) && !canCommit(topology, stretch, sid)),
    );
    return {
      relevant: rows.length,
      seen:
        `${count(rows.length, 'acknowledged write')} against ${count(windows.length, 'stretch', 'stretches')} without any quorum ` +
        `and ${count(split.length, 'stretch', 'stretches')} with a server cut off from it; ${cornered} began and ended in one${more}`,
      findings,
    };
  },
};

function write(evidence: Evidence, { row, spans, anywhere }: Wrong) {
  const { history } = evidence;
  const sid = history.server[row]!;
  const server = sid > 0 ? nodeName(sid) : 'a server';
  const fromNs = Math.max(0, spans[0]!.fromNs);
  const toNs = spans.at(-1)!.toNs;
  const until = Number.isFinite(toNs) ? ` to ${seconds(toNs)}` : '';
  return finding(evidence, {
    rule: name,
    title: anywhere
      ? `${server} acknowledged a write of ${pathOf(evidence, row)} while cut off from the quorum`
      : `${server} acknowledged a write of ${pathOf(evidence, row)} while no quorum existed`,
    tell:
      `The write: ${opWords(history, row)}. From ${seconds(fromNs)}${until} ` +
      (anywhere
        ? `${server} could reach no leader with a quorum, so it must have been committed by too few servers.`
        : 'no set of voters that could talk to each other was a quorum.'),
    rows: [row],
    atNs: history.returnedNs[row]!,
  });
}

const pathOf = ({ history }: Evidence, row: number) => history.paths[history.path[row]!] || 'several nodes';

function indexAt(all: readonly Stretch[], ns: number): number {
  let low = 0;
  let high = all.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (all[middle]!.fromNs <= ns) low = middle;
    else high = middle - 1;
  }
  return low;
}
