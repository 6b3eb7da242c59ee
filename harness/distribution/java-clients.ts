import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../base/package-root.ts';
import { Trouble } from '../base/trouble.ts';
import { type Cache, entry } from './cache.ts';
import type { Java } from './java.ts';
import { runCommand } from './run-command.ts';
import type { ServerSoftware } from './zookeeper.ts';

/** The folder of the compiled program, or why there is none. */
export type JavaClients = { classes: string } | { no: string; remedy: string };

const name = 'JavaClients';
const source = join(packageRoot, 'harness', 'workload', 'records', `${name}.java`);
/** A second on two cores with nothing else to do. */
const compileMs = 120_000;

/**
 * Our program around Kafka's own clients, compiled against the clients of this release and kept in the cache. It asks
 * Java itself for its compiler: a JDK has one, a JRE may not, and then there are no such clients, which is no error.
 */
export async function javaClients(
  cache: Cache,
  java: Pick<Java, 'command' | 'full'>,
  { version, classpath }: Pick<ServerSoftware, 'version' | 'classpath'>,
): Promise<JavaClients> {
  const recipe = createHash('sha256')
    .update(readFileSync(source))
    .update(java.full)
    .update(classpath.join(':'));
  const what = `compiling the clients of Kafka ${version}`;
  try {
    const classes = await entry(cache, `java-clients-${version}-${recipe.digest('hex').slice(0, 12)}`, {
      what,
      usable: (dir) =>
        access(join(dir, `${name}.class`)).then(
          () => true,
          () => false,
        ),
      make: (dir) => compile(java.command, classpath, dir),
    });
    return { classes };
  } catch (error) {
    if (!(error instanceof NoCompiler)) throw error;
    return { no: error.message, remedy: 'install a JDK, for example "apt install openjdk-17-jdk-headless"' };
  }
}

class NoCompiler extends Error {}

async function compile(java: string, classpath: readonly string[], into: string): Promise<void> {
  const compiler = ['-XX:TieredStopAtLevel=1', '-m', 'jdk.compiler/com.sun.tools.javac.Main'];
  const args = [...compiler, '-d', into, '-cp', classpath.join(':'), source];
  const { code, output } = await runCommand(java, args, { deadlineMs: compileMs });
  if (code === 0) return;
  // What the launcher says of a module that is not among its own (java.lang.module.FindException).
  if (/Module (java|jdk)\.compiler not found/.test(output))
    throw new NoCompiler('this Java has no compiler (jdk.compiler)');
  throw new Trouble(
    source,
    output.trim().split('\n')[0] ?? `exit code ${code}`,
    'use another Java or --kafka',
  );
}

/** The command line that runs them. Small: a few records on their way, and logs of some thousands. */
export function javaClientsCommand(
  java: string,
  { classes, classpath }: { classes: string; classpath: readonly string[] },
): string[] {
  return [
    java,
    ...['-Xmx96m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-XX:-UsePerfData'],
    ...['-Djava.net.preferIPv4Stack=true', '-cp', [classes, ...classpath].join(':'), name],
  ];
}
