import { join } from 'node:path';
import { Trouble } from '../base/trouble.ts';
import { NoSuchProgram, RanTooLong, runCommand } from './run-command.ts';

export interface Java {
  /** Path or name of the `java` program. */
  command: string;
  /** Major version: 17. */
  version: number;
  /** The build, one per distinct JVM: "17.0.15+6-Debian-1deb12u1". Part of the name of a class data archive. */
  full: string;
}

/** Every ZooKeeper release runs on it, 3.4.5 and 3.9.5 alike (3.9 itself asks for 8). */
const oldestJava = 11;
const getJava =
  'install a JDK, for example "apt install openjdk-17-jre-headless" (Debian, Ubuntu), ' +
  '"dnf install java-21-openjdk-headless" (Fedora) or "brew install openjdk" (macOS), or set JAVA_HOME';

/** Java of JAVA_HOME, else of PATH. Throws `Trouble` when there is none, it does not run, or it is too old. */
export async function findJava(env: NodeJS.ProcessEnv = process.env): Promise<Java> {
  const home = env.JAVA_HOME;
  const command = home ? join(home, 'bin', 'java') : 'java';
  const java = parseJavaVersion(await askVersion(command, env));
  if (java === undefined) {
    throw new Trouble(command, 'does not say its version when run with -version', getJava);
  }
  if (java.version < oldestJava) {
    const reason = `is Java ${java.version}, and servers need ${oldestJava} or newer`;
    throw new Trouble(home ? `JAVA_HOME=${home}` : 'java', reason, getJava);
  }
  return { command, ...java };
}

async function askVersion(command: string, env: NodeJS.ProcessEnv): Promise<string> {
  try {
    const { code, output } = await runCommand(command, ['-XX:-UsePerfData', '-version'], {
      env,
      deadlineMs: 30_000,
    });
    if (code === 0) return output;
    const line = output.trim().split('\n')[0] ?? '';
    throw new Trouble(`${command} -version`, `failed (exit ${code}): ${line}`, getJava);
  } catch (error) {
    if (error instanceof NoSuchProgram) {
      const where = env.JAVA_HOME ? `JAVA_HOME=${env.JAVA_HOME} has no bin/java` : 'there is none in PATH';
      throw new Trouble('java', where, getJava, { cause: error });
    }
    if (error instanceof RanTooLong) throw new Trouble(command, error.message, getJava, { cause: error });
    throw error;
  }
}

/** Reads the output of `java -version`: `version "17.0.15"` or `version "1.8.0_402"`, and the build of its last line. */
export function parseJavaVersion(output: string): Pick<Java, 'version' | 'full'> | undefined {
  const number = /version "(?:1\.)?(\d+)[^"]*"/.exec(output);
  if (number === null) return undefined;
  const builds = [...output.matchAll(/\(.*?build ([^,)\s]+)/g)].map((match) => match[1]!);
  const vendor = /^(?<name>.*?) (?:Server|Client|64-Bit) /m.exec(output)?.groups?.name ?? '';
  const build = builds.at(-1) ?? number[0];
  return { version: Number(number[1]), full: vendor === '' ? build : `${build} ${vendor}` };
}
