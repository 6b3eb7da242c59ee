import { describe, expect, test } from 'vitest';
import { serverCommand } from '../../harness/distribution/jvm.ts';
import type { ServerSoftware } from '../../harness/distribution/zookeeper.ts';

const software: ServerSoftware = {
  version: '3.9.5',
  origin: 'maven',
  classpath: ['/jars/zookeeper-3.9.5.jar', '/jars/reload4j.jar'],
  mainClass: 'org.apache.zookeeper.server.quorum.QuorumPeerMain',
  flags: [],
  logBackend: 'log4j',
};

describe('the command line of a server', () => {
  test('begins with java and ends with the classpath, the main class and zoo.cfg', () => {
    const command = commandOf(software);
    expect(command[0]).toBe('/jdk/bin/java');
    expect(command.slice(-4)).toEqual([
      '-cp',
      '/jars/zookeeper-3.9.5.jar:/jars/reload4j.jar',
      'org.apache.zookeeper.server.quorum.QuorumPeerMain',
      '/conf/zoo.cfg',
    ]);
  });

  test('the flags of the user come last, so that they win', () => {
    const command = commandOf(software, ['-Xmx1g', '-XX:+UseG1GC']);
    expect(command.slice(command.indexOf('-Xmx128m') + 1)).toContain('-Xmx1g');
    expect(command.slice(command.indexOf('-cp') - 2, command.indexOf('-cp'))).toEqual([
      '-Xmx1g',
      '-XX:+UseG1GC',
    ]);
  });

  test('names the class data archive only when there is one', () => {
    expect(commandOf(software).join(' ')).not.toContain('SharedArchiveFile');
    expect(commandOf({ ...software, cds: '/cache/server.jsa' })).toContain(
      '-XX:SharedArchiveFile=/cache/server.jsa',
    );
  });

  test('sets test properties from the first release that reads them', () => {
    const property = '-Dzookeeper.fastleader.maxNotificationInterval=1000';
    expect(commandOf({ ...software, version: '3.6.0' })).toContain(property);
    expect(commandOf({ ...software, version: '3.5.10' })).not.toContain(property);
    expect(commandOf({ ...software, version: '3.4.5' })).toContain('-Dzookeeper.jmx.log4j.disable=true');
  });

  test('keeps fsync: an acknowledged write must survive', () => {
    expect(commandOf(software).join(' ')).not.toContain('forceSync');
  });

  test('hands the log configuration to the backend that reads it', () => {
    expect(commandOf(software)).toContain('-Dlog4j.configuration=file:/conf/log');
    expect(commandOf({ ...software, logBackend: 'logback' })).toContain(
      '-Dlogback.configurationFile=/conf/log',
    );
  });
});

function commandOf(given: ServerSoftware, jvmFlags: string[] = []): string[] {
  const java = { command: '/jdk/bin/java' };
  return serverCommand({ java, software: given, logConfig: '/conf/log', zooCfg: '/conf/zoo.cfg', jvmFlags });
}
