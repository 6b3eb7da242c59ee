import { readHistory } from '../../harness/history/reader.ts';
import { ephemerals } from '../../harness/rule/ephemerals.ts';
import { linearizableWrites } from '../../harness/rule/linearizable-writes.ts';
import type { Evidence, Rule } from '../../harness/rule/rule.ts';
import { sequenceNumbers } from '../../harness/rule/sequence-numbers.ts';
import { sessionOrder } from '../../harness/rule/session-order.ts';
import { toldOf } from '../../harness/rule/tree/tell.ts';

/** One history file from disk to verdict, as often as asked, in a process of its own; one line of JSON a round. */
const [path = '', rounds = '1'] = process.argv.slice(2);
const rules: readonly Rule[] = [linearizableWrites, sessionOrder, ephemerals, sequenceNumbers];

/** User and system time of all threads, ms: on a busy machine the wall clock says little. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

for (let round = 0; round < Number(rounds); round++) {
  const marks = [cpuMs()];
  const wall = performance.now();
  const history = readHistory(path);
  marks.push(cpuMs());
  const evidence = {
    history,
    root: '/gauntlet',
    journal: [],
    ledger: { reigns: [] },
    scenario: {},
    topology: { nodes: [] },
  } as unknown as Evidence;
  const { nonsense } = toldOf(evidence);
  marks.push(cpuMs());
  const wallBefore = performance.now();
  const findings = rules.flatMap((rule) => rule.judge(evidence).findings);
  marks.push(cpuMs());
  const now = performance.now();
  const [read, tell, check] = marks.slice(1).map((mark, i) => mark - marks[i]!);
  console.log(
    JSON.stringify({
      ops: history.length,
      readMs: read,
      tellMs: tell,
      checkMs: check,
      checkWallMs: now - wallBefore,
      wallMs: now - wall,
      maxRssMb: process.resourceUsage().maxRSS / 1024,
      wrong: findings.length + nonsense.length,
      first: findings[0]?.title,
    }),
  );
}
