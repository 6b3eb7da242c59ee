import { expect, test } from 'vitest';
import { carryOver } from '../../harness/cli/carry-over.ts';
import { resolveTopology } from '../../harness/topology/resolve.ts';

const carried = (...lines: string[]) => carryOver(lines.join('\n'), 'zoo.cfg');

test('times, limits and what holds anywhere are carried over, the later line of two', () => {
  const { settings, left } = carried(
    '# production',
    'tickTime=2000',
    'initLimit = 10',
    'syncLimit=5',
    'snapCount=1000',
    'snapCount=5000',
    'admin.enableServer=true',
    'admin.serverPort=8081',
  );
  expect(settings).toEqual({
    tickTime: '2000',
    initLimit: '10',
    syncLimit: '5',
    snapCount: '5000',
    'admin.enableServer': 'true',
    'admin.serverPort': '8081',
  });
  expect(left).toEqual([]);
});

test.each([
  'dataDir=/var/lib/zookeeper',
  'dataLogDir=/fast/zookeeper',
  'clientPort=2181',
  'clientPortAddress=10.0.0.1',
  'dynamicConfigFile=/conf/zoo.cfg.dynamic',
  'server.1=a:2888:3888',
  'group.1=1:2:3',
  'weight.1=1',
  'secureClientPort=2281',
  'ssl.keyStore.location=/k',
  'ssl.quorum.trustStore.password=secret',
  'authProvider.1=org.apache.zookeeper.server.auth.SASLAuthenticationProvider',
  'quorum.auth.enableSasl=true',
  'maxClientCnxns=60',
  '4lw.commands.whitelist=ruok',
  'autopurge.purgeInterval=1',
  'metricsProvider.className=org.example.Provider',
  'reconfigEnabled=true',
  'zookeeper.snapCount=5',
  'jute.maxbuffer=1000',
  'trace.file=/var/log/trace',
  'snapCount=',
])('%s stays behind, with its line and a reason', (line) => {
  const { settings, left } = carried('tickTime=500', line);
  expect(settings).toEqual({ tickTime: '500' });
  expect(left).toEqual([{ line: 2, text: line, why: expect.stringMatching(/\w+ \w+/) }]);
});

test('what is carried over is what a topology takes', () => {
  const { settings } = carried('tickTime=2000', 'forceSync=no', 'maxSessionTimeout=40000', 'strange.key=1');
  expect(resolveTopology({ settings }, '3.9.5').settings).toEqual(settings);
});
