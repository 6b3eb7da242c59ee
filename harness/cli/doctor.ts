import pc from 'picocolors';
import { diagnoseEngine } from '../backend/docker/diagnose.ts';
import { type Swept, sweep } from '../backend/docker/sweep.ts';
import { tryPortCuts, trySandbox } from '../backend/sandbox/try-sandbox.ts';
import { Trouble } from '../base/trouble.ts';
import { openCache } from '../distribution/cache.ts';
import { findJava } from '../distribution/java.ts';
import { findMaven } from '../distribution/maven.ts';

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

export async function doctorCommand(options: { clean?: boolean; json?: boolean }): Promise<void> {
  const findings = await diagnose();
  const broken = findings.some(({ needed, ok }) => needed && !ok);
  if (options.json) {
    process.stdout.write(`${JSON.stringify({ ok: !broken, checks: findings })}\n`);
  } else {
    const width = Math.max(...findings.map(({ name }) => name.length));
    for (const { name, needed, ok, says } of findings) {
      const mark = ok ? pc.green('ok  ') : needed ? pc.red('no  ') : pc.yellow('no  ');
      process.stdout.write(`${mark}${name.padEnd(width)}  ${says}\n`);
    }
    if (options.clean) process.stdout.write(`${await cleaned()}\n`);
  }
  process.exitCode = broken ? 3 : 0;
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
