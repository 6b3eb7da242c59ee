import { describe, expect, test } from 'vitest';
import { condenseMavenOutput, saysUnknown } from '../../harness/distribution/maven-output.ts';

/** As Maven 3.8.7 printed them. */
const resolve =
  '[ERROR] Failed to execute goal on project x: Could not resolve dependencies for project x:x:pom:1: ';
const unknownRelease = `${resolve}Could not find artifact org.apache.zookeeper:zookeeper:jar:3.9.99 in central (https://repo.example/maven2) -> [Help 1]\n[ERROR] \n`;
const unknownParent = `${resolve}Failed to collect dependencies at org.apache.zookeeper:zookeeper:jar:3.9.6: Failed to read artifact descriptor for org.apache.zookeeper:zookeeper:jar:3.9.6: Could not find artifact org.apache.zookeeper:parent:pom:3.9.6 in central (https://repo.example/maven2) -> [Help 1]\n`;
const cachedMiss = `${resolve}org.apache.zookeeper:zookeeper:jar:3.9.99 was not found in https://repo.example/maven2 during a previous attempt. -> [Help 1]\n`;
const offline = `${resolve}Cannot access central (https://repo.example/maven2) in offline mode and the artifact org.apache.zookeeper:zookeeper:jar:3.9.99 has not been downloaded from it before. -> [Help 1]\n`;
const noNetwork = `[ERROR] Plugin org.apache.maven.plugins:maven-dependency-plugin:3.8.1 or one of its dependencies could not be resolved: Could not transfer artifact org.apache.zookeeper:zookeeper:jar:3.9.5 from/to central (https://repo.example/maven2): repo.example: Unknown host repo.example -> [Help 1]\n`;

describe("Maven's output in one line", () => {
  test.each([
    [unknownRelease, 'Maven does not find org.apache.zookeeper:zookeeper:jar:3.9.99; ask for a release of'],
    [unknownParent, 'Maven does not find org.apache.zookeeper:parent:pom:3.9.6; ask for a release of'],
    [cachedMiss, 'Maven does not find org.apache.zookeeper:zookeeper:jar:3.9.99'],
    [offline, 'Maven does not reach its repository (offline mode); connect this machine'],
    [noNetwork, 'Maven does not reach its repository (Unknown host)'],
    ['x\n[ERROR] Could not write: /x/a.jar (No space left on device)\n', 'the disk is full; make room'],
    ['[ERROR] Checksum validation failed, expected 1 but is 2\n', 'a download did not match its checksum'],
    ['[ERROR] status code: 401, reason phrase: Unauthorized (401)', 'the repository refused this user'],
    ['The JAVA_HOME environment variable is not defined correctly', 'set JAVA_HOME to a JDK'],
    [
      '[INFO] a\n[ERROR] Something new -> [Help 1]\n[ERROR] more',
      'Maven failed (exit 1): Something new; try',
    ],
    ['', 'Maven failed (exit 1): ;'],
  ])('%j', (output, words) => {
    const { message } = condenseMavenOutput('ZooKeeper 3.9.5', output, 'exit 1');
    expect(message).toMatch(/^ZooKeeper 3\.9\.5: /);
    expect(message).toContain(words);
    expect(message).not.toContain('\n');
  });

  test('an unknown release is told from one of which a part is missing', () => {
    const asked = (version: string) => ({ group: 'org.apache.zookeeper', name: 'zookeeper', version });
    const unknown = (output: string, version: string) =>
      saysUnknown(condenseMavenOutput('ZooKeeper', output, 'exit 1'), asked(version));
    expect(unknown(unknownRelease, '3.9.99')).toBe(true);
    expect(unknown(cachedMiss, '3.9.99')).toBe(true);
    expect(unknown(unknownRelease, '3.9.9')).toBe(false);
    expect(unknown(unknownParent, '3.9.6')).toBe(false);
    expect(unknown(offline, '3.9.99')).toBe(false);
  });
});
