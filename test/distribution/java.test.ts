import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findJava, parseJavaVersion } from '../../harness/distribution/java.ts';

describe('java -version', () => {
  test.each([
    [
      'openjdk version "17.0.15" 2025-04-15\nOpenJDK Runtime Environment (build 17.0.15+6-Debian-1deb12u1)\n' +
        'OpenJDK 64-Bit Server VM (build 17.0.15+6-Debian-1deb12u1, mixed mode, sharing)\n',
      { version: 17, full: '17.0.15+6-Debian-1deb12u1 OpenJDK' },
    ],
    [
      'openjdk version "25" 2025-09-16 LTS\nOpenJDK Runtime Environment Temurin-25+36 (build 25+36-LTS)\n' +
        'OpenJDK 64-Bit Server VM Temurin-25+36 (build 25+36-LTS, mixed mode, sharing)\n',
      { version: 25, full: '25+36-LTS OpenJDK' },
    ],
    [
      'java version "1.8.0_402"\nJava(TM) SE Runtime Environment (build 1.8.0_402-b06)\n' +
        'Java HotSpot(TM) 64-Bit Server VM (build 25.402-b06, mixed mode)\n',
      { version: 8, full: '25.402-b06 Java HotSpot(TM)' },
    ],
    [
      'Picked up JAVA_TOOL_OPTIONS: -Xmx1g\nopenjdk version "11-ea" 2018\n',
      { version: 11, full: 'version "11-ea"' },
    ],
    ['command not found', undefined],
  ])('%j', (output, java) => {
    expect(parseJavaVersion(output)).toEqual(java);
  });
});

describe('findJava', () => {
  let home: string;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'gauntlet-java-'));
  });
  afterEach(() => rm(home, { recursive: true }));

  test('takes the Java of JAVA_HOME', async () => {
    await pretend('echo \'openjdk version "21.0.1" 2023-10-17\' >&2');
    expect(await findJava({ JAVA_HOME: home })).toMatchObject({
      command: join(home, 'bin', 'java'),
      version: 21,
    });
  });

  test('refuses one that is too old, and says how to get another', async () => {
    await pretend('echo \'openjdk version "1.8.0_402"\' >&2');
    await expect(findJava({ JAVA_HOME: home })).rejects.toThrow(
      /^JAVA_HOME=.* is Java 8, and servers need 11 or newer; install a JDK, .*apt install.*dnf install.*brew install/,
    );
  });

  test('says that JAVA_HOME is wrong instead of looking elsewhere', async () => {
    await expect(findJava({ ...process.env, JAVA_HOME: home })).rejects.toThrow(
      `JAVA_HOME=${home} has no bin/java`,
    );
  });

  test('says that there is none in PATH', async () => {
    await expect(findJava({ PATH: home })).rejects.toThrow('java: there is none in PATH; install a JDK');
  });

  test('passes on what a broken one says', async () => {
    await pretend('echo "no libjvm.so" >&2; exit 6');
    await expect(findJava({ JAVA_HOME: home })).rejects.toThrow('failed (exit 6): no libjvm.so');
  });

  async function pretend(script: string): Promise<void> {
    const java = join(home, 'bin', 'java');
    await mkdir(join(home, 'bin'));
    await writeFile(java, `#!/bin/sh\n${script}\n`);
    await chmod(java, 0o755);
  }
});
