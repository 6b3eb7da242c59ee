import type { Scenario } from '../../scenario/scenario.ts';
import { nodeName } from '../../topology/topology.ts';
import type { Reduction } from '../shrink.ts';

/** One server less: observers first, then voters nobody asks for by name; ids stay contiguous and in order. */
export function fewerServers(scenario: Scenario): Reduction<Scenario>[] {
  const { voters, observers } = scenario.topology;
  const sids = Array.from({ length: voters + observers }, (_, i) => i + 1).reverse();
  return sids.flatMap((sid) => {
    const smaller = withoutServer(scenario, sid);
    return smaller ? [{ without: nodeName(sid), scenario: smaller }] : [];
  });
}

/** Fields that name one server, fields that name some, and records whose keys do. */
const oneServer = new Set(['sid', 'on', 'exited', 'at']);
const someServers = new Set(['begin', 'outsiders', 'start', 'target', 'leader', 'peers']);
const byServer = new Set(['nodes', 'roles']);

/** Somebody asks for that server by its id, and nobody else would do. */
class Needed extends Error {
  override readonly name = 'Needed';
}

/** The scenario without a server: faults on it alone are gone, and higher ids move down. */
export function withoutServer(scenario: Scenario, gone: number): Scenario | undefined {
  const { voters, observers } = scenario.topology;
  const kind = gone <= voters ? 'voters' : 'observers';
  if (kind === 'voters' && voters === 1) return undefined;
  const spared = { ...scenario, steps: scenario.steps.map((step) => sparing(step, gone)) };
  try {
    const smaller = renumbered(spared, '', gone) as Scenario;
    const count = kind === 'voters' ? voters : observers;
    return { ...smaller, topology: { ...smaller.topology, [kind]: count - 1 } };
  } catch (error) {
    if (error instanceof Needed) return undefined;
    throw error;
  }
}

type Step = Scenario['steps'][number];

function sparing(step: Step, gone: number): Step {
  const faults = step.faults.filter(
    ({ target }) => !Array.isArray(target) || target.some((sid) => sid !== gone),
  );
  return { ...step, faults };
}

function renumbered(value: unknown, key: string, gone: number): unknown {
  const moved = (sid: number) => (sid > gone ? sid - 1 : sid);
  const one = (sid: number) => {
    if (sid === gone) throw new Needed();
    return moved(sid);
  };
  if (typeof value === 'number') return oneServer.has(key) || someServers.has(key) ? one(value) : value;
  if (Array.isArray(value)) return listed(value, key, gone);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).flatMap(([field, each]): [string, unknown][] => {
    const named = byServer.has(key) && /^\d+$/.test(field);
    // What was said of the server that is gone goes with it.
    if (named && Number(field) === gone) return [];
    return [[named ? String(moved(Number(field))) : field, renumbered(each, field, gone)]];
  });
  return Object.fromEntries(entries);
}

/** Some servers are still some without the one that is gone; nobody, in place of some, is another scenario. */
function listed(value: readonly unknown[], key: string, gone: number): unknown[] {
  const servers = someServers.has(key);
  const left = value
    .filter((each) => !servers || idOf(each) !== gone)
    .map((each) => renumbered(each, key === 'groups' ? 'begin' : key, gone));
  if (servers && key !== 'start' && value.length > 0 && left.length === 0) throw new Needed();
  return left;
}

/** Of a bare id, or of a start that tells more. */
function idOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'sid' in value ? value.sid : value;
}
