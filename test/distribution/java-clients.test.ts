import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openCache } from '../../harness/distribution/cache.ts';
import { javaClients } from '../../harness/distribution/java-clients.ts';

const dir = mkdtempSync(join(tmpdir(), 'gauntlet-java-clients-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const kafka = { version: '3.9.2', classpath: ['/lib/kafka-clients.jar'] };

/** A Java that does what the shell lines say. */
async function javaThat(name: string, script: string) {
  const command = join(dir, name);
  writeFileSync(command, `#!/bin/sh\n${script}\n`);
  chmodSync(command, 0o755);
  const cache = await openCache(() => undefined, { ZK_GAUNTLET_CACHE: join(dir, `cache-${name}`) });
  return () => javaClients(cache, { command, full: name }, kafka);
}

test('a Java without a compiler is told with what to install, and is no error', async () => {
  const words = 'java.lang.module.FindException: Module java.compiler not found, required by jdk.compiler';
  const clients = await javaThat('jre', `echo "${words}" >&2; exit 1`);
  expect(await clients()).toEqual({
    no: expect.stringContaining('no compiler'),
    remedy: expect.stringContaining('openjdk-17-jdk-headless'),
  });
});

test('a program that does not compile is an error that names the line', async () => {
  const clients = await javaThat('broken', 'echo "JavaClients.java:7: error: cannot find symbol"; exit 1');
  await expect(clients()).rejects.toThrow(/JavaClients\.java:7: error: cannot find symbol/);
});

test('the program is compiled once for a Java and a release', async () => {
  const times = join(dir, 'times');
  // The folder is the word behind -d.
  const script = `while [ "$1" != -d ]; do shift; done; touch "$2/JavaClients.class"; echo x >> ${times}`;
  const clients = await javaThat('jdk', script);
  const [first, second] = [await clients(), await clients()];
  expect(second).toEqual(first);
  expect('classes' in first && existsSync(join(first.classes, 'JavaClients.class'))).toBe(true);
  expect(readFileSync(times, 'utf8')).toBe('x\n');
});
