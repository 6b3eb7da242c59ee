import { add, list, swap, withoutList } from '../guide.ts';
import { cfg, type Scene, serving, startAll } from './scene.ts';

/** Ids, and who takes whose. */
export const identityScenes: readonly Scene[] = [
  {
    is: 'the second server with an id cannot listen on the address of that id, and ends',
    shows: ['id-taken-twice', 'id-of-another'],
    servers: 3,
    async run(lab) {
      await startAll(lab, [1, 2], () => cfg());
      await lab.start(3, { cfg: cfg(), myid: '2\n' });
      const { code } = await lab.ended(3);
      return {
        code,
        why: await lab.logged(3, /Cannot assign requested address/),
        others: (await lab.roles([1, 2], ...serving)).length,
      };
    },
    sees: { code: 14, why: 'Cannot assign requested address', others: 2 },
  },
  {
    is: 'listening everywhere, the second server with an id goes on, without ever finding a leader',
    shows: ['id-taken-twice'],
    servers: 3,
    async run(lab) {
      const everywhere = cfg(add('quorumListenOnAllIPs=true'));
      await startAll(lab, [1, 2], () => everywhere);
      await lab.roles([1, 2], ...serving);
      await lab.start(3, { cfg: everywhere, myid: '2\n' });
      const why = await lab.logged(3, /connection request from a server with our own ID/);
      return { why, third: await lab.role(3) };
    },
    sees: { why: 'connection request from a server with our own ID', third: 'electing' },
  },
  {
    is: 'ids exchanged between two machines leave no leader',
    shows: ['id-of-another'],
    servers: 3,
    async run(lab) {
      await lab.start(1, { cfg: cfg(), myid: '1\n' });
      await lab.start(2, { cfg: cfg(), myid: '3\n' });
      await lab.start(3, { cfg: cfg(), myid: '2\n' });
      const codes = [(await lab.ended(2)).code, (await lab.ended(3)).code];
      return { codes, first: await lab.role(1) };
    },
    sees: { codes: [14, 14], first: 'electing' },
  },
  {
    is: 'a server with an id and no list runs alone; with the list of another one it has no client port either',
    shows: ['id-without-list'],
    servers: 2,
    async run(lab) {
      await lab.start(1, { cfg: cfg(withoutList), myid: '2\n' });
      await lab.start(2, {
        cfg: cfg(swap(/clientPort=.*\n/, ''), list('localhost:2888:3888;2181')),
        myid: '2\n',
      });
      const roles = await lab.roles([1], 'standalone');
      await lab.logged(2, /ZooKeeperServer.*Created server/);
      return [...roles, await lab.role(2)];
    },
    sees: ['standalone', 'down'],
  },
  {
    is: 'two servers on one dataDir have one id, and the second cannot listen',
    shows: ['data-dir-shared'],
    servers: 3,
    async run(lab) {
      await startAll(lab, [1, 2], () => cfg());
      await lab.roles([1, 2], ...serving);
      const shared = cfg(swap('/var/lib/zookeeper', lab.dataOf(2)));
      await lab.start(3, { cfg: shared, myid: null });
      return { code: (await lab.ended(3)).code, id: /myid=(\d)/.exec(await lab.log(3))?.[1] };
    },
    sees: { code: 14, id: '2' },
  },
];
