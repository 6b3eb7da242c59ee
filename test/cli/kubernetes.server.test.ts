import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { execIn } from '../../harness/backend/docker/exec.ts';
import { localKafka, localName, lookAtImage } from '../../harness/backend/docker/present-image.ts';
import { waitFor } from '../../harness/base/wait.ts';
import { newestKafka } from '../../harness/topology/brokers.ts';
import { docker, engineHere, skipWithout, version } from '../backend/docker/engine-here.ts';
import { podsAsServices } from '../support/pods-as-services.ts';

const run = promisify(execFile);
const compose = [['docker-compose'], ['docker', 'compose']].find(
  ([program, ...args]) => spawnSync(program!, [...args, 'version']).status === 0,
);
const lacks = await (async () => {
  if (!engineHere.engine) return engineHere.missing;
  if (!compose) return 'neither docker-compose nor docker compose is here';
  const name = localKafka(newestKafka);
  return (await lookAtImage(engineHere.engine, name)) ? undefined : `the engine has no ${name}`;
})();

const manifest = fileURLToPath(new URL('../../compose/kubernetes/3-voters-3-brokers.yml', import.meta.url));

test.skipIf(lacks)(
  `containers with the settings of the Kubernetes manifest form an ensemble with brokers${skipWithout(lacks)}`,
  { timeout: 300_000 },
  async () => {
    const out = mkdtempSync(join(tmpdir(), 'gauntlet-kubernetes-'));
    const file = join(out, 'compose.yml');
    const services = podsAsServices(readFileSync(manifest, 'utf8'), (image) =>
      image.startsWith('zookeeper:') ? localName(version) : localKafka(newestKafka),
    );
    writeFileSync(file, stringify({ services }));
    const project = `gauntlet-pods-${process.pid}`;
    const [program, ...words] = [...compose!, '-p', project, '-f', file];
    const label = [`com.docker.compose.project=${project}`];
    try {
      await run(program!, [...words, 'up', '-d']);
      await waitFor({ what: 'six healthy pods', deadlineMs: 180_000, everyMs: 500 }, async () => {
        const healthy = await docker().listContainers({ filters: { label, health: ['healthy'] } });
        return healthy.length === 6 || undefined;
      });
      const told = async (pod: string, script: string) => {
        const filters = { label: [...label, `com.docker.compose.service=${pod}`] };
        const [{ Id } = { Id: '' }] = await docker().listContainers({ filters });
        const { stdout } = await execIn(docker().getContainer(Id), ['bash', '-c', script], `asking ${pod}`);
        return stdout.trim();
      };
      for (const [ordinal, id] of ['1', '2', '3'].entries()) {
        expect(await told(`zk-${ordinal}`, 'cat /data/myid')).toBe(id);
        const disk = '/var/lib/kafka/data/logs/meta.properties';
        expect(await told(`kafka-${ordinal}`, `sed -n s/^broker.id=//p ${disk}`)).toBe(id);
        expect(await told(`kafka-${ordinal}`, 'grep ^advertised /etc/kafka/server.properties')).toBe(
          `advertised.listeners=PLAINTEXT://kafka-${ordinal}.kafka:9092`,
        );
      }
      // A server that is busy answers nc too late at times, so it is asked again.
      await waitFor({ what: 'one leader and two followers', deadlineMs: 60_000, everyMs: 500 }, async () => {
        const modes = ['zk-0', 'zk-1', 'zk-2'].map((pod) =>
          told(pod, 'echo srvr | nc -w 2 127.0.0.1 2181 | sed -n "s/^Mode: //p"'),
        );
        return (await Promise.all(modes)).sort().join() === 'follower,follower,leader' || undefined;
      });
    } finally {
      await run(program!, [...words, 'down', '-v', '-t', '0']);
      rmSync(out, { recursive: true });
    }
  },
);
