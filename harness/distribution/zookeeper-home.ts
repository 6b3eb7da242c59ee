import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { usage } from '../base/trouble.ts';
import { type ServerSoftware, zookeeperMain } from './zookeeper.ts';

/**
 * An unpacked release: the jar lies in `lib` from 3.5 on, beside it before. Throws a usage `Trouble` when `home` is none.
 */
export async function zookeeperFromHome(home: string): Promise<ServerSoftware> {
  const dir = resolve(home);
  const jars = [...(await jarsIn(dir)), ...(await jarsIn(join(dir, 'lib')))];
  const product = jars
    .map((jar) => /\/zookeeper-(\d[\w.-]*)\.jar$/.exec(jar))
    .filter((match) => match !== null);
  const version = product[0]?.[1];
  if (version === undefined || product.length > 1) {
    const reason =
      version === undefined
        ? 'no zookeeper-<version>.jar in it or in its lib'
        : 'more than one zookeeper jar';
    throw usage(`--zookeeper-home ${home}`, reason, 'give the folder of one unpacked release');
  }
  return {
    version,
    origin: 'home',
    classpath: jars.toSorted((a, b) => rank(a, version) - rank(b, version) || (a < b ? -1 : 1)),
    mainClass: zookeeperMain,
    flags: [],
    logBackend: jars.some((jar) => /\/logback-classic-[^/]*$/.test(jar)) ? 'logback' : 'log4j',
  };
}

const rank = (jar: string, version: string) => (jar.endsWith(`/zookeeper-${version}.jar`) ? 0 : 1);

async function jarsIn(dir: string): Promise<string[]> {
  try {
    const names = await readdir(dir);
    return names.filter((name) => name.endsWith('.jar')).map((name) => join(dir, name));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw error;
  }
}
