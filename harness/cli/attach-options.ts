import type * as z from 'zod';
import { usage } from '../base/trouble.ts';
import type { Auth } from '../client/auth.ts';
import type { FaultCall } from '../plan/plan.ts';
import { defineSuite } from '../scenario/define.ts';
import type { Scenario, scenarioSchema } from '../scenario/scenario.ts';

/** Shell commands that stand for a fault, by its name. */
export interface Commands {
  name: string;
  inject: string;
  heal: string;
  bites?: string;
}

/** Without --for. */
const defaultForMs = 30_000;
const units: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** "digest:user:password". The message never shows what may be a password. */
export function parseAuth(text: string): Auth {
  const [, scheme, credentials] = /^(\w+):(.+)$/s.exec(text) ?? [];
  const whole = credentials !== undefined && (scheme !== 'digest' || credentials.includes(':'));
  if (scheme !== undefined && whole) return { scheme, credentials };
  throw usage('--auth', 'no scheme with credentials', 'write it as digest:user:password');
}

export function parseFor(text: string | undefined): number {
  if (text === undefined) return defaultForMs;
  const [, number, unit] = /^(\d+)(ms|s|m|h)$/.exec(text) ?? [];
  const ms = Number(number) * (units[unit ?? ''] ?? Number.NaN);
  if (ms > 0) return ms;
  throw usage(`--for ${text}`, 'no length of time', 'write it as 30s, 5m or 500ms');
}

/** "mixed" or "mixed:clients=3,turnsPerSecond=20"; whether it exists and has such parameters is checked with the scenario. */
export function parseWorkload(text: string): z.input<typeof scenarioSchema>['workload'] {
  const [use = '', rest] = text.split(/:(.*)/s);
  const pairs = (rest === undefined ? [] : rest.split(',')).map((pair) => {
    const [, key, value] = /^(\w+)=(.+)$/.exec(pair) ?? [];
    if (key !== undefined) return [key, Number.isNaN(Number(value)) ? value : Number(value)];
    throw usage(`--workload ${text}`, `"${pair}" is no parameter`, 'write them as name:key=value,key=value');
  });
  return { use, ...Object.fromEntries(pairs) };
}

/** Each option is "name: command", and the same name ties a command that breaks to the one that heals. */
export function parseCommands(options: { fault: string[]; heal: string[]; bites: string[] }): Commands[] {
  const [inject, heal, bites] = (['fault', 'heal', 'bites'] as const).map((option) =>
    named(options[option], `--${option}`),
  ) as [Map<string, string>, Map<string, string>, Map<string, string>];
  for (const [option, names] of [
    ['--heal', heal.keys()],
    ['--bites', bites.keys()],
  ] as const) {
    for (const name of names) {
      if (inject.has(name)) continue;
      throw usage(`${option} "${name}"`, 'there is no --fault of that name', `give --fault '${name}: …' too`);
    }
  }
  return [...inject].map(([name, command]) => {
    const end = heal.get(name);
    const sign = bites.get(name);
    if (end === undefined) {
      throw usage(`--fault "${name}"`, 'nothing says how it ends', `give --heal '${name}: …' too`);
    }
    return { name, inject: command, heal: end, ...(sign !== undefined && { bites: sign }) };
  });
}

function named(texts: readonly string[], option: string): Map<string, string> {
  const commands = new Map<string, string>();
  for (const text of texts) {
    const [, name, command] = /^\s*([\w-]+)\s*:\s*(\S.*)$/s.exec(text) ?? [];
    if (name === undefined || command === undefined) {
      throw usage(
        `${option} "${text}"`,
        'no name and command',
        `write it as ${option} 'kill: docker kill {name}'`,
      );
    }
    if (commands.has(name)) throw usage(`${option} "${name}"`, 'given twice', 'give another name');
    commands.set(name, command);
  }
  return commands;
}

/** The clients at work for a time, with each fault once, in equal parts: work, a fault, work, the next fault, work. */
export function ownScenario(
  workload: string,
  forMs: number,
  commands: readonly Commands[],
  target: string,
): Scenario {
  const partMs = Math.round(forMs / (2 * commands.length + 1));
  const ids = /^\d+(,\d+)*$/.test(target);
  const steps = commands.map((params, i) => ({
    when: { afterMs: i === 0 ? 0 : partMs },
    faults: [
      {
        fault: 'command',
        target: (ids ? target.split(',').map(Number) : target) as FaultCall['target'],
        params: { ...params },
      },
    ],
    forMs: partMs,
  }));
  const scenario = {
    name: 'attach',
    about: 'servers that somebody else runs',
    workload: parseWorkload(workload),
    warmUpMs: partMs,
    coolDownMs: commands.length > 0 ? partMs : 0,
    steps,
  };
  return defineSuite({ name: 'attach', scenarios: [scenario] }, 'attach').scenarios[0]!;
}

/**
 * A scenario as servers of somebody else allow it: no loss of power, and a fault without parameters is done by the
 * commands of its name. What has none stays, and makes the scenario unsupported.
 */
export function attached(scenario: Scenario, commands: readonly Commands[]): Scenario {
  const steps = scenario.steps.map((step) => ({
    ...step,
    faults: step.faults.map((call): FaultCall => {
      const params = commands.find(({ name }) => name === call.fault);
      if (!params || Object.keys(call.params).length > 0) return call;
      return { ...call, fault: 'command', params: { ...params } };
    }),
  }));
  return { ...scenario, steps, powerOff: false };
}
