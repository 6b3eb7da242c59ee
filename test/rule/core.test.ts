import { expect, test } from 'vitest';
import { randomFrom } from '../../harness/base/random.ts';
import { historyOf } from '../../harness/history/in-memory.ts';
import { rules } from '../../harness/rule/catalogue.ts';
import { coreOf } from '../../harness/rule/core.ts';
import { mutations } from './mutations.ts';
import { evidenceOf, simulate } from './simulated-ensemble.ts';

interface Shrunk {
  rule: string;
  title: string;
  kept: number;
  of: number;
}

function shrunk(): Shrunk[] {
  const all: Shrunk[] = [];
  for (const { apply, caughtBy } of mutations) {
    for (let seed = 0; seed < 2; seed++) {
      const run = simulate(seed, { clients: 3, events: 600, trouble: seed % 2 === 0 });
      const changed = apply(run, randomFrom(seed));
      if (!changed) continue;
      const evidence = evidenceOf(changed, changed.ops);
      for (const rule of rules.filter(({ name }) => caughtBy.includes(name))) {
        const finding = rule.judge(evidence).findings[0];
        const core = finding && coreOf(rule, evidence, finding);
        if (!finding || !core) continue;
        const ops = core.ops.map((row) => evidence.history.op(row));
        const again = rule.judge({ ...evidence, history: historyOf(ops) });
        expect(
          again.findings.map(({ title }) => title),
          `${rule.name}, run ${seed}`,
        ).toContain(finding.title);
        expect(core.ops, `${rule.name}, run ${seed}`).toEqual(expect.arrayContaining(finding.ops));
        all.push({ rule: rule.name, title: finding.title, kept: core.ops.length, of: core.of });
      }
    }
  }
  return all;
}

test('the core of a finding is small, holds its operations, and makes the rule say the same again', () => {
  const all = shrunk();
  expect(all.length).toBeGreaterThan(20);
  const shares = all.map(({ kept, of }) => kept / of).sort((a, b) => a - b);
  expect(shares[Math.floor(shares.length / 2)]).toBeLessThan(0.1);
});
