import { describe, expect, test } from 'vitest';
import { ruleNamed, rules } from '../../harness/rule/catalogue.ts';
import { playedIn } from './mutation/recipes.ts';
import { type Played, plays } from './recipe-history.ts';
import { evidenceOf, simulate } from './simulated-ensemble.ts';

const quiet = simulate(1, { trouble: false, events: 60 });

describe('a recipe played by its law', () => {
  test.each(Object.keys(plays) as Played[])('%s: no rule about clients says a word', (played) => {
    const run = playedIn(quiet, played, plays[played]().ops);
    const evidence = evidenceOf(run, run.ops);
    const own = ruleNamed(played).judge(evidence);
    expect(own.relevant).toBeGreaterThan(0);
    expect(own.inconclusive).toBeUndefined();
    const alarms = rules
      .filter(({ needs }) => !needs?.includes('server-disks'))
      .flatMap((rule) => rule.judge(evidence).findings)
      .map(({ rule, title }) => `${rule}: ${title}`);
    expect(alarms).toEqual([]);
  });
});
