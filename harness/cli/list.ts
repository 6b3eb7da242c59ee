import { suites } from '../../suites/index.ts';
import { usage } from '../base/trouble.ts';
import { knownVersions } from '../distribution/zookeeper-artifacts.ts';
import { faults } from '../fault/catalogue.ts';
import { checks } from '../lint/catalogue.ts';
import { rules } from '../rule/catalogue.ts';
import { workloads } from '../workload/catalogue.ts';

interface Row {
  name: string;
  about: string;
}

const lists: Record<string, () => Row[]> = {
  suites: () => suites.map(({ name, about }) => ({ name, about })),
  scenarios: () =>
    suites.flatMap((suite) =>
      suite.scenarios.map(({ name, about }) => ({ name: `${suite.name}: ${name}`, about })),
    ),
  workloads: () => workloads.map(({ name, about }) => ({ name, about })),
  faults: () => faults.map(({ name, about }) => ({ name, about })),
  rules: () => rules.map(({ name, about }) => ({ name, about })),
  checks: () => checks.map(({ id, about }) => ({ name: id, about })),
  versions: () => knownVersions.map((name) => ({ name: `zookeeper ${name}`, about: '' })),
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
  for (const { name, about } of rows)
    process.stdout.write(`${name.padEnd(width)}  ${about}`.trimEnd().concat('\n'));
}
