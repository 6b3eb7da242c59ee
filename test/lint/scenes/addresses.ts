import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { waitFor } from '../../../harness/base/wait.ts';
import { add, list } from '../guide.ts';
import { cfg, ownLine, read, type Scene, serving, startAll } from './scene.ts';

/** Addresses and ports that servers listen on, or look for each other on. */
export const addressesScenes: readonly Scene[] = [
  {
    is: '0.0.0.0 for every server: each looks for the others on itself',
    shows: ['wildcard-address'],
    servers: 3,
    async run(lab) {
      await startAll(lab, [1, 2, 3], () =>
        cfg(list('0.0.0.0:2888:3888', '0.0.0.0:2888:3888', '0.0.0.0:2888:3888')),
      );
      await Promise.all(
        [1, 2, 3].map((sid) => lab.logged(sid, /connection request from a server with our own ID/)),
      );
      return await Promise.all([1, 2, 3].map(lab.role));
    },
    sees: ['electing', 'electing', 'electing'],
  },
  {
    is: 'localhost for itself: the others are refused at 127.0.0.1, and it stays outside',
    shows: ['loopback-address'],
    servers: 3,
    async run(lab) {
      await startAll(lab, [1, 2, 3], (sid) => (sid === 1 ? cfg(ownLine(1, 'localhost:2888:3888')) : cfg()));
      await lab.roles([2, 3], ...serving);
      await lab.logged(3, /Cannot open channel to 1 at election address/);
      return await lab.role(1);
    },
    sees: 'electing',
  },
  {
    is: 'its own 0.0.0.0 keeps a low id out in 3.5.7 (ZOOKEEPER-2164)',
    shows: ['own-wildcard-unreachable'],
    servers: 3,
    async run(lab) {
      await startAll(lab, [2, 3], () => cfg(), '3.5.7');
      await lab.roles([2, 3], ...serving);
      await startAll(lab, [1], () => cfg(ownLine(1, '0.0.0.0:2888:3888')), '3.5.7');
      // The bigger ids drop its connections and call back at the address it tells them, again and again.
      await lab.logged(1, /(Have smaller server identifier[\s\S]*){6}/);
      return await lab.role(1);
    },
    sees: 'electing',
  },
  {
    is: 'its own 0.0.0.0 is written into the files of the others when reconfig is on',
    shows: ['own-wildcard-unreachable'],
    servers: 3,
    async run(lab) {
      await startAll(lab, [1, 2, 3], (sid) =>
        cfg(ownLine(sid, '0.0.0.0:2888:3888'), add('reconfigEnabled=true')),
      );
      return await waitFor(
        { what: 'a list with 0.0.0.0 for another server', deadlineMs: 60_000 },
        () =>
          [1, 2, 3].some((sid) => {
            const name = readdirSync(lab.confOf(sid)).findLast((file) => file.startsWith('zoo.cfg.dynamic'));
            const text = name === undefined ? '' : readFileSync(join(lab.confOf(sid), name), 'utf8');
            return [...text.matchAll(/server\.(\d)=0\.0\.0\.0/g)].some(([, other]) => Number(other) !== sid);
          }) || undefined,
      );
    },
    sees: true,
  },
  {
    is: 'its own 0.0.0.0 works in 3.9.5, and is what clients read in /zookeeper/config',
    shows: ['own-wildcard'],
    servers: 3,
    async run(lab) {
      await startAll(lab, [1, 2, 3], (sid) => cfg(ownLine(sid, '0.0.0.0:2888:3888')));
      await lab.roles([1, 2, 3], ...serving);
      await lab.kill(1);
      await startAll(lab, [1], (sid) => cfg(ownLine(sid, '0.0.0.0:2888:3888')));
      await lab.roles([1, 2, 3], ...serving);
      return await Promise.all(
        [1, 2].map(async (sid) => /server.\d=0.0.0.0/.exec(await read(lab, sid, '/zookeeper/config'))?.[0]),
      );
    },
    sees: ['server.1=0.0.0.0', 'server.2=0.0.0.0'],
  },
  {
    is: 'a server whose own name is an address its machine does not have ends',
    shows: ['service-not-headless', 'id-of-another'],
    servers: 1,
    async run(lab) {
      await lab.start(1, { cfg: cfg(ownLine(1, '10.77.0.99:2888:3888')), myid: '1\n' });
      return { code: (await lab.ended(1)).code, why: await lab.logged(1, /Cannot assign requested address/) };
    },
    sees: { code: 14, why: 'Cannot assign requested address' },
  },
  {
    is: 'the second server with a client port on one machine ends',
    shows: ['client-port-shared', 'address-twice'],
    servers: 2,
    async run(lab) {
      const pseudo = cfg(list('localhost:2888:3888', 'localhost:2889:3889', 'localhost:2890:3890'));
      await lab.start(1, { cfg: pseudo, myid: '1\n' });
      await lab.logged(1, /binding to port/);
      await lab.start(2, { cfg: pseudo, myid: '2\n', on: 1 });
      return { code: (await lab.ended(2)).code, why: await lab.logged(2, /Address already in use/) };
    },
    sees: { code: 1, why: 'Address already in use' },
  },
];
