import { configTree } from '../workload/recipe-tree.ts';
import { type Broken, ownLaw, recipeRule } from './recipe.ts';
import type { Evidence } from './rule.ts';
import type { Update } from './tree/updates.ts';
import { createdUnder, type Named, writtenTo, writtenUnder } from './tree/writes-under.ts';
import { count, seconds, zxidText } from './words.ts';

/**
 * After everything has healed a client is back on a server within this, ns: a connection attempt that met a server that
 * was cut off lasts 4 s, and then it reads at every turn.
 */
const arrivesNs = 6e9;

/** Configuration push: versions replace one another one by one, everybody applies them in order, and gets to the last. */
export const config = recipeRule({
  name: 'config',
  about: 'versions of a configuration come one by one, all apply them in order and arrive at the last',
  guarantee: {
    quote:
      'Each version replaces the one before it; no client goes back to an older one; all arrive at the last.',
    source: ownLaw,
  },
  cannotSee: [
    'when a client learns of a version, up to the bound',
    'whether all arrive, when clients end sooner than the bound after the heal',
  ],
  byDesign: ['versions that a client skips, since a watch tells that something changed and not what'],
  look(evidence, account) {
    const { root } = evidence;
    const pushed = writtenTo(account, root + configTree.current);
    const applied = writtenUnder(account, root + configTree.applied);
    const firstOf = new Map<number, Update>();
    const broken: Broken[] = [];
    let last: Update | undefined;
    for (const push of pushed) {
      if (last && numberIn(push) <= numberIn(last)) {
        broken.push({
          title: `version ${numberIn(push)} was pushed at zxid ${zxidText(push.zxid)}, behind version ${numberIn(last)}`,
          why: 'It replaced a version that its client had not seen.',
          rows: [last.row, push.row],
        });
      } else last = push;
      if (!firstOf.has(numberIn(push))) firstOf.set(numberIn(push), push);
    }
    const newest = new Map(createdUnder(account, root + configTree.applied).map((each) => [each.name, each]));
    for (const apply of applied) {
      const number = numberIn(apply);
      const before = newest.get(apply.name);
      if (before && number < numberIn(before)) {
        broken.push({
          title: `${apply.name} went back to version ${number} at zxid ${zxidText(apply.zxid)}`,
          why: `It had applied version ${numberIn(before)} before.`,
          rows: [before.row, apply.row],
        });
      } else newest.set(apply.name, apply);
      const push = firstOf.get(number);
      if (push === undefined || push.zxid < apply.zxid) continue;
      broken.push({
        title: `${apply.name} applied version ${number} at zxid ${zxidText(apply.zxid)}, before it was pushed`,
        why: `The push has zxid ${zxidText(push.zxid)}.`,
        rows: [push.row, apply.row],
      });
    }
    const due = dueAt(evidence, pushed);
    if (due) broken.push(...late(evidence, due, newest));
    return {
      relevant: applied.length,
      seen: `${count(pushed.length, 'version')} pushed, applied ${count(applied.length, 'time')} by ${count(newest.size, 'client')}${due ? `, all due up to version ${numberIn(due)}` : ''}`,
      broken,
    };
  },
});

const numberIn = ({ value }: Update) => Number(value);

/** The last version that everybody had time to apply: pushed, and all healed, long enough before the clients ended. */
function dueAt({ journal, history }: Evidence, pushed: readonly Update[]): Update | undefined {
  const at = (phase: string) =>
    journal.find((entry) => entry.kind === 'phase' && entry.phase === phase)?.atNs;
  const [healed, ended] = [at('cool-down'), at('heal')];
  if (healed === undefined || ended === undefined || ended - healed < arrivesNs) return undefined;
  return pushed.findLast(({ row }) => history.returnedNs[row]! <= ended - arrivesNs);
}

function late({ history }: Evidence, due: Update, newest: ReadonlyMap<string, Named>): Broken[] {
  return [...newest.values()]
    .filter((apply) => numberIn(apply) < numberIn(due))
    .map((apply) => ({
      title: `${apply.name} never got beyond version ${numberIn(apply)}, although version ${numberIn(due)} was pushed at ${seconds(history.returnedNs[due.row]!)}`,
      why: `It had ${seconds(arrivesNs)} for it at least, and nothing was broken any more.`,
      rows: [due.row, apply.row],
    }));
}
