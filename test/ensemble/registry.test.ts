import { expect, test } from 'vitest';
import { errors } from '../../harness/client/errors.ts';
import type { Writer } from '../../harness/client/jute.ts';
import { opcodes } from '../../harness/client/requests.ts';
import { Registry } from '../../harness/ensemble/registry.ts';
import { startFakeServer } from '../support/fake-server.ts';

/** What brokers keep in ZooKeeper, by path: data, or the names of children. */
const tree: Record<string, string | string[]> = {
  '/kafka/brokers/ids': ['3', '1'],
  '/kafka/controller': '{"version":2,"brokerid":3}',
  '/kafka/brokers/topics': ['records'],
  '/kafka/brokers/topics/records': '{"partitions":{"0":[1,2,3],"1":[2,3,1]}}',
  '/kafka/brokers/topics/records/partitions/0/state': '{"leader":3,"isr":[3,1]}',
  '/kafka/brokers/topics/records/partitions/1/state': '{"leader":-1,"isr":[2]}',
};

const statBytes = 68;
function noStat(writer: Writer): void {
  for (let i = 0; i < statBytes / 4; i++) writer.int(0);
}

test('the view is what stands below the chroot, brokers as nodes', async () => {
  await using server = await startFakeServer({
    welcome: 4000,
    answerPings: true,
    onRequest(client, { xid, opcode, body }) {
      const found = tree[body.text()];
      if (found === undefined) return client.reply(xid, 1, errors.NONODE.code);
      client.reply(xid, 1, 0, (writer) => {
        if (typeof found === 'string') writer.bytes(found);
        else {
          writer.int(found.length);
          for (const name of found) writer.bytes(name);
        }
        noStat(writer);
      });
      expect(opcode).toBe(typeof found === 'string' ? opcodes.getData : opcodes.getChildren2);
    },
  });
  const registry = new Registry([server.endpoint], '/kafka');
  expect(await registry.look()).toEqual({
    registered: [101, 103],
    controller: 103,
    partitions: [
      { topic: 'records', partition: 0, leader: 103, isr: [103, 101], replicas: [101, 102, 103] },
      { topic: 'records', partition: 1, leader: undefined, isr: [102], replicas: [102, 103, 101] },
    ],
  });
});

test('before the first broker there is nobody, which is not the same as no answer', async () => {
  await using server = await startFakeServer({
    welcome: 4000,
    onRequest: (client, { xid }) => client.reply(xid, 1, errors.NONODE.code),
  });
  const registry = new Registry([server.endpoint], '');
  expect(await registry.look()).toEqual({ registered: [], controller: undefined, partitions: [] });
});

test('when no server takes the question there is no view', async () => {
  await using server = await startFakeServer({ welcome: 'close' });
  expect(await new Registry([server.endpoint], '').look()).toBeUndefined();
});
