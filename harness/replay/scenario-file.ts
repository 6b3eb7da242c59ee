import { Document, isCollection, isSeq, visit } from 'yaml';
import { type Scenario, type ScenarioInput, scenarioSchema } from '../scenario/scenario.ts';

/** Longest list or map that stands on one line. */
const lineLength = 96;

/**
 * A scenario as a YAML file that a person reads: without what is so anyway, small things on one line, and `about` it
 * as a comment above, one line each.
 */
export function scenarioFile(scenario: Scenario, about: readonly string[]): string {
  const document = new Document(withoutDefaults(scenario));
  visit(document, {
    Collection(_, node, path) {
      // The scenario itself, and each of its steps, begins a line of its own.
      const isList = isSeq(node) && node.items.some(isCollection);
      if (path.length < 3 || (path.length === 3 && isList)) return;
      if (JSON.stringify(node.toJSON()).length <= lineLength) node.flow = true;
    },
  });
  const text = document.toString({ lineWidth: 0, flowCollectionPadding: true });
  return [...about.map((line) => `# ${line}`.trimEnd()), text].join('\n');
}

/** What is left when every field goes that the schema would fill in the same way. */
function withoutDefaults(scenario: Scenario): ScenarioInput {
  const wanted = asParsed(scenario);
  const left = structuredClone(scenario) as Record<string, unknown>;
  prune(left);
  return left as ScenarioInput;

  function prune(value: Record<string, unknown> | unknown[]): void {
    for (const [key, each] of Object.entries(value)) {
      if (!Array.isArray(value)) {
        delete value[key];
        if (asParsed(left) === wanted) continue;
        value[key] = each;
      }
      if (typeof each === 'object' && each !== null) prune(each as Record<string, unknown>);
    }
  }
}

/** Undefined for what is no scenario. */
function asParsed(value: unknown): string | undefined {
  const { success, data } = scenarioSchema.safeParse(value);
  return success ? JSON.stringify(data) : undefined;
}
