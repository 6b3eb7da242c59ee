import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { waitFor } from '../../harness/base/wait.ts';
import { gauntlet, machineLacks } from '../support/gauntlet.ts';

/** What a run has journalled last when it is killed; the first two are before its journal exists. */
const moments = [
  'begin',
  'run.json',
  '"phase":"provision"',
  '"phase":"start"',
  '"kind":"server-start"',
  '"kind":"serving"',
  '"kind":"fault-intent"',
  '"kind":"fault-landed"',
  '"kind":"fault-healing"',
  '"phase":"final"',
] as const;

/** The kernel ends a whole namespace with its first process; far more than it takes on a loaded machine. */
const goneMs = 10_000;

const nobody = 65534;
const isRoot = process.getuid?.() === 0;
const users = [
  { user: 'this user', uid: undefined, lacks: machineLacks },
  {
    user: 'nobody',
    uid: nobody,
    lacks: machineLacks ?? (isRoot ? undefined : 'only root can become nobody'),
  },
];

describe.each(users)('a harness of $user killed by SIGKILL leaves nothing behind', ({ uid, lacks }) => {
  const out = mkdtempSync(join(tmpdir(), 'gauntlet-test-'));
  const temporary = join(out, 'tmp');
  mkdirSync(temporary);
  for (const folder of [out, temporary]) chmodSync(folder, 0o777);
  // A folder of its own for temporary files, which other tests leave alone; nobody has no home for a cache.
  const env = { TMPDIR: temporary, ...(uid !== undefined && { ZK_GAUNTLET_CACHE: join(out, 'cache') }) };
  afterAll(() => rmSync(out, { recursive: true, force: true }));

  // So that no download falls into a test.
  beforeAll(async () => {
    if (lacks) return;
    const { code, output } = await gauntlet(
      ['run', 'quick', '--backend', 'sandbox', '--filter', 'killed', '--out', join(out, 'first')],
      { uid, env },
    );
    expect(code, output).toBe(0);
  }, 300_000);

  test.skipIf(lacks).each(moments.map((moment, i) => ({ moment, i })))(
    'at $moment',
    async ({ moment, i }) => {
      const before = machineState();
      const run = join(out, String(i));
      const harness = start(run, uid, env);
      const family = new Set<number>();
      await waitFor({ what: `a run to reach ${moment}`, deadlineMs: 60_000, everyMs: 5 }, () => {
        for (const pid of descendants(harness.pid!)) family.add(pid);
        return reached(run, moment) || undefined;
      });
      const namespaces = new Set([...family].flatMap(namespacesOf));
      for (const inode of before.namespaces) namespaces.delete(inode);
      const killedAt = upTicks();
      harness.kill('SIGKILL');

      await waitFor({ what: 'every process and namespace to be gone', deadlineMs: goneMs }, () => {
        const left = processes().filter(
          (pid) => startTicks(pid) <= killedAt && namespacesOf(pid).some((inode) => namespaces.has(inode)),
        );
        return left.length === 0 || undefined;
      });
      const { namespaces: _, ...rest } = machineState();
      const { namespaces: __, ...was } = before;
      expect(rest).toEqual(was);
      // What the TypeScript loader keeps for the next start is no leftover of a run.
      expect(listing(temporary).filter((name) => !name.startsWith('tsx-'))).toEqual([]);
    },
  );
});

function start(out: string, uid: number | undefined, env: NodeJS.ProcessEnv): ChildProcess {
  const args = [
    'bin/gauntlet.js',
    'run',
    'quick',
    '--backend',
    'sandbox',
    '--filter',
    'the leader is killed',
    '--out',
    out,
  ];
  return spawn(process.execPath, args, {
    stdio: 'ignore',
    env: { ...process.env, ...env },
    ...(uid !== undefined && { uid, gid: uid }),
  });
}

function reached(run: string, moment: string): boolean {
  if (moment === 'begin') return true;
  const files = listing(run);
  if (moment === 'run.json') return files.includes('run.json');
  const scenario = files.find((name) => name.startsWith('1-'));
  return scenario !== undefined && readOr(join(run, scenario, 'journal.ndjson')).includes(moment);
}

/** Everything a run could leave on the machine itself; what containers of other tests come and go with is not ours. */
function machineState() {
  const links = execFileSync('ip', ['-o', 'link'], { encoding: 'utf8' }).matchAll(/^\d+: ([^:@]+)/gm);
  const mounts = readOr('/proc/self/mountinfo').split('\n');
  return {
    links: [...links].map(([, name]) => name!).filter((name) => /^(br\d|v\d)/.test(name)),
    named: listing('/run/netns'),
    mounts: mounts.filter((line) => / \/run( |\/netns|\/gauntlet)/.test(line)),
    namespaces: new Set(processes().flatMap(namespacesOf)),
  };
}

const processes = () =>
  listing('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);

/** USER_HZ, the unit of start times (proc(5)). */
const ticksPerSecond = 100;
const upTicks = () => Math.ceil(Number(readOr('/proc/uptime').split(' ')[0]) * ticksPerSecond);

/** Inodes of namespaces are used again, by other tests too: only a process older than the kill can be ours. */
function startTicks(pid: number): number {
  const fields = readOr(`/proc/${pid}/stat`)
    .replace(/^.*\) /s, '')
    .split(' ');
  return Number(fields[19] ?? Number.NaN);
}

function namespacesOf(pid: number): string[] {
  return ['net', 'mnt', 'pid'].flatMap((kind) => {
    try {
      return [readlinkSync(`/proc/${pid}/ns/${kind}`)];
    } catch {
      // It ended meanwhile, or is a zombie: it holds no namespace.
      return [];
    }
  });
}

function descendants(pid: number): number[] {
  const children = readOr(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number);
  return [pid, ...children.flatMap(descendants)];
}

function listing(directory: string): string[] {
  try {
    return readdirSync(directory).sort();
  } catch {
    // Not there yet, or gone: nothing in it.
    return [];
  }
}

function readOr(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // As above.
    return '';
  }
}
