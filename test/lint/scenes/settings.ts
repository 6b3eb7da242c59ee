import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Session } from '../../../harness/client/session.ts';
import { runEntryPoint } from '../entry-point.ts';
import { add, both, swap, withoutList } from '../guide.ts';
import { cfg, create, exists, type Scene, serving, startAll } from './scene.ts';

/** Settings without effect, storage, and the entry point of the image. */
export const settingsScenes: readonly Scene[] = [
  {
    is: 'settings under the wrong name change nothing, and of two with one name the last counts',
    shows: ['misspelt-key', 'prefixed-key', 'jvm-flag-in-zoo-cfg', 'key-twice', 'probe-refused'],
    servers: 1,
    async run(lab) {
      const lost = ['maxClientCnxn=1', 'zookeeper.4lw.commands.whitelist=*', 'jute.maxbuffer=100'];
      await lab.start(1, {
        cfg: cfg(withoutList, add(...lost, 'clientPort=2182', 'clientPort=2181')),
        myid: null,
      });
      await lab.roles([1], 'standalone');
      const sessions = [new Session({ timeoutMs: 6000 }), new Session({ timeoutMs: 6000 })];
      const opened = await Promise.all(sessions.map((session) => session.open(lab.endpointOf(1))));
      await Promise.all(sessions.map((session) => session.close()));
      await create(lab, 1, '/long', 1000);
      return { opened: opened.map(({ outcome }) => outcome), ruok: await lab.word(1, 'ruok') };
    },
    sees: { opened: ['ok', 'ok'], ruok: 'ruok is not executed because it is not in the whitelist.\n' },
  },
  {
    is: 'without autopurge every snapshot stays, with it the oldest go',
    shows: ['autopurge-forgotten'],
    servers: 1,
    async run(lab) {
      const snapshots = () =>
        readdirSync(join(lab.dataOf(1), 'version-2')).filter((name) => name.startsWith('snapshot')).length;
      const often = both(withoutList, add('snapCount=10'));
      await lab.start(1, { cfg: cfg(often, swap(/autopurge.*\n/, '')), myid: null });
      await lab.roles([1], 'standalone');
      for (let i = 0; i < 40; i++) await lab.write(1);
      const kept = snapshots();
      await lab.kill(1);
      await lab.start(1, { cfg: cfg(often), myid: null });
      await lab.logged(1, /Purge task completed/);
      // Three are left, and what the starting server writes meanwhile.
      return { manyKept: kept > 5, fewer: snapshots() < kept };
    },
    sees: { manyKept: true, fewer: true },
  },
  {
    is: 'without its transaction logs a server forgets what it had acknowledged',
    shows: ['logs-not-kept'],
    servers: 1,
    async run(lab) {
      const logs = join(lab.dataOf(1), 'logs');
      const text = cfg(withoutList, add(`dataLogDir=${logs}`));
      await lab.start(1, { cfg: text, myid: null });
      await lab.roles([1], 'standalone');
      await create(lab, 1, '/acknowledged');
      await lab.kill(1);
      rmSync(logs, { recursive: true });
      await lab.start(1, { cfg: text, myid: null });
      await lab.roles([1], 'standalone');
      return await exists(lab, 1, '/acknowledged');
    },
    sees: false,
  },
  {
    is: 'two of three servers that come back, one of them empty, forget an acknowledged write',
    shows: ['storage-ends-with-pod'],
    servers: 3,
    async run(lab) {
      await startAll(lab, [1, 2, 3], () => cfg());
      await lab.roles([1, 2, 3], ...serving);
      await lab.kill(3);
      await lab.write(1);
      await create(lab, 1, '/acknowledged');
      await Promise.all([1, 2].map(lab.kill));
      await lab.wipe(2);
      await startAll(lab, [2, 3], () => cfg());
      await lab.roles([2, 3], ...serving);
      return await exists(lab, 3, '/acknowledged');
    },
    sees: false,
  },
  {
    is: "what the entry point of the image makes of quoted servers, a pod's name, a mounted zoo.cfg and unknown variables",
    shows: [
      'quotes-in-variable',
      'pod-name-as-id',
      'variables-without-effect',
      'foreign-variable',
      'unknown-variable',
    ],
    servers: 1,
    async run(lab) {
      const folder = join(lab.confOf(1), 'entry');
      const servers = 'server.1=zoo1:2888:3888;2181 server.2=zoo2:2888:3888;2181';
      const quoted = runEntryPoint(folder, { ZOO_SERVERS: `"${servers}"` });
      await lab.start(1, { cfg: quoted.cfg, myid: quoted.myid });
      const first = (await lab.ended(1)).code;
      await lab.wipe(1);
      const named = runEntryPoint(folder, { ZOO_SERVERS: servers, ZOO_MY_ID: 'zk-0' });
      await lab.start(1, { cfg: named.cfg, myid: named.myid });
      const second = [(await lab.ended(1)).code, await lab.logged(1, /serverid zk-0 is not a number/)];
      const mounted = runEntryPoint(folder, { ZOO_TICK_TIME: '77' }, { mounted: 'tickTime=2000\n' });
      const foreign = runEntryPoint(folder, {
        ZOO_SERVER_ID: '2',
        ZOOKEEPER_TICK_TIME: '77',
        ZOO_TICKTIME: '77',
      });
      const unread = { myid: foreign.myid, ticks: /tickTime=\d+/.exec(foreign.cfg)?.[0] };
      return { first, second, mounted: mounted.cfg, unread };
    },
    sees: {
      first: 2,
      second: [2, 'serverid zk-0 is not a number'],
      mounted: 'tickTime=2000\n',
      unread: { myid: '1\n', ticks: 'tickTime=2000' },
    },
  },
];
