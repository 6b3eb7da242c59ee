import { diagnoseEngine } from '../backend/docker/diagnose.ts';
import { type Swept, sweep } from '../backend/docker/sweep.ts';
import { tryPortCuts, trySandbox } from '../backend/sandbox/try-sandbox.ts';
import { Trouble } from '../base/trouble.ts';
import { openCache } from '../distribution/cache.ts';
import { findJava } from '../distribution/java.ts';
import { findMaven } from '../distribution/maven.ts';
import { colours as pc } from './colours.ts';
import { faultsAreFine, faultsJson, faultsText, tryFaultsHere } from './doctor-faults.ts';

/** `needed`: nothing runs without it. The others each cost some scenarios, which are then `unsupported`. */
interface Check {
  name: string;
  needed: boolean;
  probe(): Promise<string>;
}

interface Finding {
  name: string;
  needed: boolean;
  ok: boolean;
  says: string;
}

/** Everything is found out by doing it: a version number says little about what a machine allows. */
const checks: readonly Check[] = [
  { name: 'node', needed: true, probe: async () => process.version },
  { name: 'java', needed: true, probe: async () => (await findJava()).full },
  { name: 'maven', needed: false, probe: () => findMaven() },
  { name: 'cache', needed: true, probe: async () => (await openCache(() => undefined)).dir },
  {
    name: 'sandbox',
    // Elsewhere servers run in containers only.
    needed: process.platform === 'linux',
    probe: trySandbox,
  },
  { name: 'cut single ports', needed: false, probe: tryPortCuts },
  { name: 'docker', needed: process.platform !== 'linux', probe: diagnoseEngine },
];

async function diagnose(): Promise<Finding[]> {
  return Promise.all(
    checks.map(async ({ name, needed, probe }): Promise<Finding> => {
      try {
        return { name, needed, ok: true, says: await probe() };
      } catch (error) {
        if (!(error instanceof Trouble)) throw error;
        return { name, needed, ok: false, says: error.message };
      }
    }),
  );
}

export interface DoctorOptions {
  clean?: boolean;
  faults?: boolean;
  json?: boolean;
}

export async function doctorCommand(options: DoctorOptions): Promise<void> {
  const say = options.json ? () => undefined : (line: string) => void process.stdout.write(`${line}\n`);
  const checks = await diagnose();
  say(checksText(checks));
  const clean = options.clean && (await cleaned());
  if (clean) say(clean);
  if (options.faults) say('\ntrying every fault on every backend here; this takes about half a minute\n');
  const faults = options.faults && (await tryFaultsHere(say));
  if (faults) say(faultsText(faults));
  const ok = checks.every(({ needed, ok }) => ok || !needed) && (!faults || faultsAreFine(faults));
  if (options.json) {
    const more = { ...(clean && { clean }), ...(faults && { faults: faultsJson(faults) }) };
    process.stdout.write(`${JSON.stringify({ ok, checks, ...more })}\n`);
  }
  process.exitCode = ok ? 0 : 3;
}

function checksText(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ name }) => name.length));
  return findings
    .map(({ name, needed, ok, says }) => {
      const mark = ok ? pc.green('ok  ') : needed ? pc.red('no  ') : pc.yellow('no  ');
      return `${mark}${name.padEnd(width)}  ${says}`;
    })
    .join('\n');
}

const fates: Record<Swept['fate'], string> = {
  removed: 'removed',
  kept: 'left alone: the process that made it lives',
  unsure: 'left alone: it was made on another machine or in another container',
};

/** A sandbox ends with its process, so only an engine can have something to sweep. */
async function cleaned(): Promise<string> {
  let swept: Swept[];
  try {
    swept = await sweep();
  } catch (error) {
    if (!(error instanceof Trouble)) throw error;
    return `no containers swept: ${error.message}`;
  }
  if (swept.length === 0) return 'nothing left behind';
  return swept
    .map(({ run, scenario, objects, fate }) => `${run} ${scenario}: ${objects} objects ${fates[fate]}`)
    .join('\n');
}
