import { rules } from '../../harness/rule/catalogue.ts';
import type { Rule } from '../../harness/rule/rule.ts';
import { mutations } from './mutations.ts';

/** Where the part of docs/rules.md begins that is made of the catalogue and the table of planted lies. */
export const firstHeading = `## \`${rules[0]!.name}\``;

export function chaptersOfRules(): string {
  return rules.map(chapterOf).join('\n');
}

function chapterOf({ name, about, guarantee, needs = [], cannotSee, byDesign }: Rule): string {
  const lies = mutations.filter(({ caughtBy }) => caughtBy.includes(name));
  return [
    `## \`${name}\``,
    '',
    `${capital(about)}.`,
    '',
    `> ${guarantee.quote}`,
    '>',
    `> ${guarantee.source}`,
    '',
    ...(needs.length > 0 ? [`Needs what only those know who run the servers: ${needs.join(', ')}.`, ''] : []),
    ...listOf('Cannot see', cannotSee),
    ...listOf('By design, and no breach', byDesign),
    ...listOf(
      'Seen red on planted histories',
      lies.map(({ name: lie, verdict }) => (verdict ? `${lie} (${verdict})` : lie)),
    ),
  ].join('\n');
}

function listOf(title: string, items: readonly string[]): string[] {
  return items.length === 0 ? [] : [`${title}:`, '', ...items.map((item) => `- ${item}`), ''];
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
