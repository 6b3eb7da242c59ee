import type { Random } from '../../../harness/base/random.ts';
import type { Election, Ledger } from '../../../harness/ledger/ledger.ts';
import type { JournalEntry, LinkCut } from '../../../harness/run/journal-entry.ts';
import type { Simulated } from '../simulated-ensemble.ts';
import { copyOf, isAckedSet, isFinal, isGet, type Mutation } from './lie.ts';

/** A copy of the ledger that may be changed at will. */
function withLedger(run: Simulated, change: (ledger: Ledger) => boolean): Simulated | undefined {
  const ledger = structuredClone(run.rest.ledger);
  return change(ledger) ? { ...run, rest: { ...run.rest, ledger } } : undefined;
}

/** Changes one election that was won after the first. */
function inOneElection(change: (election: Election, random: Random) => boolean) {
  return (run: Simulated, random: Random) =>
    withLedger(
      run,
      ({ elections }) => elections.length > 1 && change(random.pick(elections.slice(1)), random),
    );
}

/** What a voter would have had to prefer: the winner's standing, and one transaction more. */
function better({ winner, ballots }: Election) {
  const { zxid, peerEpoch } = ballots!.find(({ sid }) => sid === winner)!.brought!;
  return { zxid: `0x${(BigInt(zxid) + 1n).toString(16)}`, peerEpoch };
}

export const electionMutations: readonly Mutation[] = [
  {
    name: 'all who elected the winner had heard of a better one in time',
    caughtBy: ['lawful-winner'],
    apply: inOneElection((election) => {
      const others = election.electors!.filter((sid) => sid !== election.winner);
      const leader = others[0]!;
      for (const seenBy of election.electors!) {
        const atNs = election.startedNs + 5e7;
        const vote = { atNs, seenBy, from: leader, leader, round: election.round!, ...better(election) };
        election.votes.push({ ...vote, fromState: 'LOOKING' });
      }
      return true;
    }),
  },
  {
    name: 'the winner was elected by servers whose disks held more',
    caughtBy: ['lawful-winner'],
    apply: inOneElection((election) => {
      for (const ballot of election.ballots!.filter(({ sid }) => sid !== election.winner))
        ballot.brought = better(election);
      return true;
    }),
  },
  {
    name: 'the winner had a higher id and an older epoch',
    caughtBy: ['lawful-winner'],
    apply: inOneElection((election) => {
      for (const ballot of election.ballots!.filter(({ sid }) => sid !== election.winner))
        ballot.brought = { peerEpoch: ballot.brought!.peerEpoch + 1, zxid: '0x0' };
      return true;
    }),
  },
  {
    name: 'only the winner voted for itself',
    caughtBy: ['lawful-winner'],
    apply: inOneElection((election) => {
      for (const ballot of election.ballots!.filter(({ sid }) => sid !== election.winner))
        ballot.cast = ballot.cast.filter(({ leader }) => leader === ballot.sid);
      return true;
    }),
  },
  {
    name: 'the winner was elected by a zxid it never brought',
    caughtBy: ['lawful-winner'],
    apply: inOneElection((election) => {
      const ballot = election.ballots!.find(({ sid }) => sid !== election.winner)!;
      Object.assign(ballot.cast.at(-1)!, { zxid: '0x7fffffff00000001' });
      return true;
    }),
  },
  {
    name: 'the winner lacks writes that were acknowledged in the epoch before',
    caughtBy: ['lawful-winner'],
    apply: (run) =>
      withLedger(run, ({ elections }) => {
        for (const { ballots = [] } of elections) {
          for (const ballot of ballots) {
            ballot.brought = { peerEpoch: 0, zxid: '0x0' };
            for (const vote of ballot.cast) Object.assign(vote, { peerEpoch: 0, zxid: '0x0' });
          }
        }
        return elections.length > 1;
      }),
  },
  {
    name: 'an observer voted',
    caughtBy: ['lawful-winner'],
    apply: (run, random) => {
      const electors = run.rest.ledger.elections.at(-1)!.electors!;
      return asObserver(run, random.pick(electors));
    },
  },
  {
    name: 'an observer won',
    caughtBy: ['lawful-winner'],
    apply: (run) => asObserver(run, run.rest.ledger.elections.at(-1)!.winner!),
  },
  {
    name: 'a leader that nobody could hear led on for a minute',
    caughtBy: ['leader-steps-down'],
    verdict: 'budget',
    apply(run) {
      const reign = run.rest.ledger.reigns.at(-1)!;
      return cutOffAtTheEnd(run, reign.leader, ({ reigns }) => {
        delete reigns.at(-1)!.endedNs;
      });
    },
  },
  {
    name: 'a server showed what was true a minute ago',
    caughtBy: ['staleness'],
    verdict: 'budget',
    apply(run) {
      const copy = copyOf(run);
      const at = copy.ops.findLastIndex((op) => isGet(op) && !isFinal(op));
      const read = copy.ops[at];
      const written = copy.ops.find((op) => isAckedSet(op) && read !== undefined && op.zxid > read.zxid);
      // The clock jumps between a write the read does not show and the read.
      if (!read || !written || copy.rest.journal.some(({ kind }) => kind === 'fault-intent'))
        return undefined;
      for (const op of copy.ops) {
        if (op.invokedNs < read.invokedNs) continue;
        op.invokedNs += 60e9;
        if (op.returnedNs > 0) op.returnedNs += 60e9;
      }
      return copy;
    },
  },
  {
    name: 'nobody lacked anything, and for some seconds no write was answered',
    caughtBy: ['budgets'],
    verdict: 'budget',
    apply(run) {
      const copy = copyOf(run);
      const { journal } = copy.rest;
      const begunNs = journal.find((entry) => entry.kind === 'phase' && entry.phase === 'warm-up')!.atNs;
      const asked = copy.ops.find((op) => isAckedSet(op) && op.phase === 'workload');
      if (!asked || journal.some(({ kind }) => kind === 'fault-intent')) return undefined;
      // The answer of a write, and all that came after it, come late.
      const lateNs = asked.returnedNs;
      for (const op of copy.ops) {
        if (op.invokedNs >= lateNs) op.invokedNs += silentNs;
        if (op.returnedNs >= lateNs) op.returnedNs += silentNs;
      }
      for (const entry of journal) if (entry.atNs >= lateNs && entry.atNs > begunNs) entry.atNs += silentNs;
      return copy;
    },
  },
  {
    name: 'a server that nobody could hear answered reads for a minute',
    caughtBy: ['service-ends'],
    verdict: 'budget',
    apply(run, random) {
      const { leader } = run.rest.ledger.reigns.at(-1)!;
      const { sid } = random.pick(run.rest.topology.nodes.filter((node) => node.sid !== leader));
      return cutOffAtTheEnd(run, sid, () => undefined);
    },
  },
];

/** Longer than a simulated ensemble's budget, shorter than what the rule of progress waits for. */
const silentNs = 25e9;

function asObserver(run: Simulated, sid: number): Simulated {
  const { topology } = run.rest;
  const nodes = topology.nodes.map((node) =>
    node.sid === sid ? { ...node, kind: 'observer' as const } : node,
  );
  return { ...run, rest: { ...run.rest, topology: { ...topology, nodes } } };
}

const minuteNs = 60e9;

/** After everything else, a server is cut off, reads are answered by it to the last, and the journal ends a minute later. */
function cutOffAtTheEnd(
  run: Simulated,
  sid: number,
  change: (ledger: Ledger) => void,
): Simulated | undefined {
  const { journal, topology } = run.rest;
  const read = run.ops.findLast(({ kind, outcome }) => kind === 'getData' && outcome === 'ok');
  if (!read) return undefined;
  const atNs = Math.max(journal.at(-1)!.atNs, run.ops.at(-1)!.returnedNs) + 1e6;
  const about = { step: 99, fault: 'isolate', victims: [sid] };
  const others = topology.nodes.map((node) => node.sid).filter((other) => other !== sid);
  const cuts = others.map((to): LinkCut => ({ from: sid, to, ports: 'all' }));
  const call = { fault: 'isolate', target: [sid], params: {} };
  const more: JournalEntry[] = [
    { atNs, kind: 'fault-intent', ...about, call, roles: {}, deadlineNs: atNs + 10 * minuteNs },
    { atNs: atNs + 1e6, kind: 'fault-landed', ...about, proof: ['seen'], cuts },
    { atNs: atNs + 2 * minuteNs, kind: 'fault-healing', ...about },
  ];
  const late = { ...read, server: sid, invokedNs: atNs + minuteNs, returnedNs: atNs + minuteNs + 1e6 };
  const ledger = structuredClone(run.rest.ledger);
  change(ledger);
  return {
    ops: [...run.ops, late],
    rest: { ...run.rest, ledger, journal: [...journal, ...more] },
  };
}
