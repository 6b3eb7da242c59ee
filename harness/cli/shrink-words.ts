import { basename } from 'node:path';
import { type Kind, sameKind } from '../replay/same-finding.ts';
import type { HitRate } from '../replay/sequential-test.ts';
import type { Finding } from '../rule/verdict.ts';
import type { RunRecord } from '../run/run-directory.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { workloadNamed } from '../workload/catalogue.ts';
import { versionsIn } from './run.ts';

/** Rules whose findings tell the most to somebody who reads only the title; others follow in their usual order. */
const clearest = ['durability', 'replicas-identical', 'one-leader-per-epoch'];

/** The kinds of the rule that returned most often in these tries, and in how many it did. */
export function mostReturned(
  kinds: readonly Kind[],
  returned: readonly (readonly Kind[])[],
): { kinds: Kind[]; hits: number } {
  const clarity = (rule: string) => (clearest.includes(rule) ? clearest.indexOf(rule) : clearest.length);
  const rules = [...new Set(kinds.map(({ rule }) => rule))].sort((a, b) => clarity(a) - clarity(b));
  const all = rules.map((rule) => {
    const own = kinds.filter((kind) => kind.rule === rule);
    const hits = returned.filter((each) =>
      each.some((kind) => own.some((one) => sameKind(one, kind))),
    ).length;
    return { kinds: own, hits };
  });
  return all.reduce((best, each) => (each.hits > best.hits ? each : best));
}

/** "3 servers, 2 steps with 1 fault, 5 clients of mixed". */
export function sizeOf({ topology, steps, formation = [], ...scenario }: Scenario): string {
  const { use, client: _, ...params } = scenario.workload;
  const workload = workloadNamed(use);
  const { count } = workload.clients(workload.params.parse(params));
  const all = [...formation, ...steps];
  const faults = all.reduce((sum, step) => sum + step.faults.length, 0);
  const acts = all.reduce((sum, { client }) => sum + (client?.do.length ?? 0), 0);
  const some = (n: number, what: string) => `${n} ${what}${n === 1 ? '' : 's'}`;
  const clients = count > 0 ? `${some(count, 'client')} of ${use}` : some(acts, 'operation');
  return `${some(topology.voters + topology.observers, 'server')}, ${some(all.length, 'step')}, ${some(faults, 'fault')}, ${clients}`;
}

/** The head of the file: what it shows, on which release, how often, and how to see it. */
export function aboutShrunk({
  scenario,
  finding,
  rate,
  run,
  path,
}: {
  scenario: Scenario;
  finding: Finding;
  rate: HitRate;
  run: RunRecord;
  path: string;
}): string[] {
  const { meta } = run;
  const releases = versionsIn([scenario], [meta.zookeeper[0]!]).join(' and ');
  return [
    `${finding.rule}: ${finding.title}`,
    ...wrapped(finding.words),
    '',
    `ZooKeeper ${releases}, backend ${meta.backend}; hit ${rate.hits} of ${rate.tries} tries.`,
    `Shrunk by zk-gauntlet ${meta.gauntlet} from ${basename(run.dir)}, which ran`,
    `  ${meta.command}`,
    `(seed ${meta.seed}; the seed below decides the draws of this scenario).`,
    '',
    `npx gauntlet run ${basename(path)}     # exit code 1: it was found`,
  ];
}

/** Words in lines of at most a hundred letters. */
function wrapped(text: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < 100) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
