import type { Evidence, Judgement, Rule } from './rule.ts';
import { type Account, accountOf } from './tree/account.ts';
import type { Presence } from './tree/presence.ts';
import { finding, opWords, report, zxidText } from './words.ts';

/** A breach of a recipe's law; `rows` are the operations that show it, in the order in which they are told. */
export interface Broken {
  title: string;
  /** What makes it a breach, behind the operations themselves. */
  why: string;
  rows: readonly number[];
}

interface Seen extends Pick<Judgement, 'relevant' | 'seen'> {
  broken: readonly Broken[];
  inconclusive?: string | undefined;
}

interface RecipeLaw extends Pick<Rule, 'name' | 'about' | 'guarantee' | 'cannotSee' | 'byDesign'> {
  look(evidence: Evidence, account: Account): Seen;
}

/** Source of the guarantees that no page of ZooKeeper states in these words. */
export const ownLaw = 'the recipe itself, in zxid order; Recipes (recipes.md) says how it is built';

/** The law of a recipe as a rule: judged on the account of what the servers did, told by the operations that break it. */
export function recipeRule({ look, ...law }: RecipeLaw): Rule {
  return {
    ...law,
    judge(evidence) {
      const { history } = evidence;
      const { relevant, seen, broken, inconclusive } = look(evidence, accountOf(evidence));
      const { findings, more } = report(broken, ({ title, why, rows }) => {
        const told = rows.map((row) => opWords(history, row)).join('; then ');
        const atNs = history.returnedNs[rows.at(-1)!]!;
        return finding(evidence, { rule: law.name, title, tell: `${capital(told)}. ${why}`, rows, atNs });
      });
      return {
        relevant,
        seen: `${seen}${more}`,
        findings,
        ...(inconclusive !== undefined && { inconclusive }),
      };
    },
  };
}

/** Why a node cannot have been there. */
export function goneWords(presence: Presence, path: string): string {
  const zxid = presence.goneBy(path);
  return zxid === undefined ? `${path} was never there.` : `${path} was gone by zxid ${zxidText(zxid)}.`;
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
