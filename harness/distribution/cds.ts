import { createHash } from 'node:crypto';
import { mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../base/trouble.ts';
import { type Cache, entry } from './cache.ts';
import { trainServer } from './cds-training.ts';
import type { Java } from './java.ts';
import { checkManifest, writeManifest } from './manifest.ts';
import { runCommand } from './run-command.ts';
import type { ServerSoftware } from './zookeeper.ts';

/** Part of the entry's name: raise it when the making changes. */
const recipe = 2;
/** Writing some 3,200 classes takes one or two seconds; looking whether a JVM accepts them, a tenth. */
const dumpMs = 120_000;
const checkMs = 30_000;

/**
 * The same software with a class data archive: its servers start in two thirds of the time and with half the CPU.
 * The archive is made once per release and JDK, from what a real server loaded. Never throws: without an archive servers
 * only start more slowly, and the progress line says why.
 */
export async function withCds(cache: Cache, java: Java, software: ServerSoftware): Promise<ServerSoftware> {
  const what = `class data of ZooKeeper ${software.version}`;
  try {
    const name = `cds-${software.version}-java-${java.version}-${await keyOf(software, java)}`;
    const dir = await entry(cache, name, {
      what: `making ${what}`,
      usable: async (dir) => !('damage' in (await checkManifest(dir, 'quick'))),
      async make(dir) {
        cache.progress(`making ${what} for Java ${java.full}, once`);
        await makeArchive(software, java, dir);
        await writeManifest(dir, 'archive');
      },
    });
    return { ...software, cds: archiveIn(dir) };
  } catch (error) {
    cache.progress(`no ${what}: ${messageOf(error)}; servers start more slowly`);
    return software;
  }
}

const archiveIn = (dir: string) => join(dir, 'archive', 'server.jsa');

/**
 * A static archive, since only that takes the old class files of log4j and of ZooKeeper 3.4 (JDK-8261090), and since every
 * JDK from 11 on can write one (JEP 310). Written under G1, with which every JDK also stores heap
 * objects (older ones under no other collector); the serial collector reads them.
 */
async function makeArchive(software: ServerSoftware, java: Java, dir: string): Promise<void> {
  const training = join(dir, 'training');
  const classList = join(training, 'classes');
  await mkdir(training);
  await trainServer(software, java, { dir: training, classList });
  await mkdir(join(dir, 'archive'));
  const dump = [
    '-Xshare:dump',
    '-XX:+UseG1GC',
    '-Xmx256m',
    '-XX:-UsePerfData',
    `-XX:SharedClassListFile=${classList}`,
  ];
  await runArchived(software, java, archiveIn(dir), dump, dumpMs);
  await checkArchive(software, java, archiveIn(dir));
  await rm(training, { recursive: true });
}

/** Throws when a server's JVM would not use the archive, which it otherwise does not say. */
export async function checkArchive(software: ServerSoftware, java: Java, archive: string): Promise<void> {
  const flags = ['-Xshare:on', '-XX:+UseSerialGC', '-Xmx128m', '-XX:-UsePerfData', '-version'];
  await runArchived(software, java, archive, flags, checkMs);
}

async function runArchived(
  { classpath }: ServerSoftware,
  { command }: Java,
  archive: string,
  flags: string[],
  deadlineMs: number,
): Promise<void> {
  const args = [`-XX:SharedArchiveFile=${archive}`, '-cp', classpath.join(':'), ...flags];
  const { code, output } = await runCommand(command, args, { deadlineMs });
  if (code === 0) return;
  const reason = output.split('\n').find((line) => /error|cannot|mismatch/i.test(line)) ?? output.trim();
  throw new Error(`java ${flags[0]} failed (exit ${code}): ${reason}`);
}

/** A JVM takes an archive only with the same build and the same classpath: paths, sizes and times. */
async function keyOf({ classpath }: ServerSoftware, java: Java): Promise<string> {
  const hash = createHash('sha256').update(`${recipe} ${java.full} ${process.arch}`);
  for (const jar of classpath) {
    const { size, mtimeMs } = await stat(jar);
    hash.update(`\n${jar} ${size} ${mtimeMs}`);
  }
  return hash.digest('hex').slice(0, 12);
}
