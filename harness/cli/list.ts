import { testedBy } from '../../suites/conformance/claims.ts';
import { suites } from '../../suites/index.ts';
import { usage } from '../base/trouble.ts';
import { knownKafkas } from '../distribution/kafka.ts';
import { knownVersions } from '../distribution/zookeeper-artifacts.ts';
import { faults } from '../fault/catalogue.ts';
import { checks } from '../lint/catalogue.ts';
import { rules } from '../rule/catalogue.ts';
import { workloads } from '../workload/catalogue.ts';
import { aboutNightly, nightly } from './nightly.ts';

interface Row {
  name: string;
  about: string;
  /** Printed below it, a line each. */
  scenarios?: string[];
  claim?: string;
  law?: string;
}

const lists: Record<string, () => Row[]> = {
  suites: () => [
    ...suites.map(({ name, about }) => ({ name, about })),
    { name: nightly, about: aboutNightly },
  ],
  scenarios: () =>
    suites.flatMap((suite) =>
      suite.scenarios.map(({ name, about }) => ({ name: `${suite.name}: ${name}`, about })),
    ),
  workloads: () => workloads.map(({ name, about }) => ({ name, about })),
  faults: () => faults.map(({ name, about }) => ({ name, about })),
  rules: () => rules.map(({ name, about }) => ({ name, about })),
  checks: () => checks.map(({ id, about }) => ({ name: id, about })),
  claims: () =>
    testedBy(suites.flatMap(({ scenarios }) => scenarios)).map(({ id, title, claim, law, scenarios }) => ({
      name: id,
      about: title,
      claim,
      law,
      scenarios: scenarios.map(({ name }) => name),
    })),
  versions: () => [
    ...knownVersions.map((name) => ({ name: `zookeeper ${name}`, about: '' })),
    ...knownKafkas.map((name) => ({ name: `kafka ${name}`, about: '' })),
  ],
};

export const kinds = Object.keys(lists);

export function listCommand(kind: string, options: { json?: boolean }): void {
  const list = Object.hasOwn(lists, kind) ? lists[kind] : undefined;
  if (!list) throw usage(`list ${kind}`, 'there is no such list', `use one of ${kinds.join(', ')}`);
  const rows = list();
  if (options.json) {
    process.stdout.write(`${JSON.stringify({ [kind]: rows })}\n`);
    return;
  }
  const width = Math.max(...rows.map(({ name }) => name.length));
  for (const { name, about, scenarios } of rows) {
    process.stdout.write(`${name.padEnd(width)}  ${about}`.trimEnd().concat('\n'));
    const below = scenarios?.length === 0 ? ['no scenario yet'] : (scenarios ?? []);
    for (const line of below) process.stdout.write(`${' '.repeat(width)}    ${line}\n`);
  }
}
