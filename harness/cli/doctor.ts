import { execa } from 'execa';
import pc from 'picocolors';
import { diagnoseEngine } from '../backend/docker/diagnose.ts';
import { type Swept, sweep } from '../backend/docker/sweep.ts';
import { nftSetup } from '../backend/nft.ts';
import { sandboxed } from '../backend/sandbox/enter.ts';
import { inNamespace, lastLine, networkScript } from '../backend/sandbox/network.ts';
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
    probe: () => inSandbox(networkScript([1, 2]), 'namespaces, bridge and links work'),
  },
  {
    name: 'cut single ports',
    needed: false,
    probe: () => inSandbox(`${networkScript([1])}\n${nftInFirst}`, 'nft works inside'),
  },
  { name: 'docker', needed: process.platform !== 'linux', probe: diagnoseEngine },
];

const nftInFirst = `${inNamespace(1, ['nft', '-f', '-']).join(' ')} <<'RULES'\n${nftSetup()}RULES`;

const sandboxRemedy =
  'allow user namespaces (sysctl kernel.unprivileged_userns_clone=1, kernel.apparmor_restrict_unprivileged_userns=0, ' +
  'user.max_user_namespaces>0), or run as root; inside a container add SYS_ADMIN and NET_ADMIN';

async function inSandbox(script: string, says: string): Promise<string> {
  const [file, ...args] = sandboxed(['bash', '-c', script]);
  const result = await execa(file!, args, { reject: false, timeout: 20_000 });
  if (!result.failed) return says;
  const why = lastLine(result.stderr) || (result.shortMessage ?? 'it failed');
  const remedy = /nft: not found|No such file/.test(why) ? 'install the package nftables' : sandboxRemedy;
  throw new Trouble('sandbox', why, remedy);
}

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
