import { waitFor } from '../../../harness/base/wait.ts';
import { add, both, list, listOf, swap } from '../guide.ts';
import { cfg, type Scene, serving, startAll } from './scene.ts';

/** Lists of servers and what is common to an ensemble. */
export const listsScenes: readonly Scene[] = [
  {
    is: 'two lists are two ensembles, with a leader each in the same epoch, and both take writes',
    shows: ['lists-differ'],
    servers: 5,
    async run(lab) {
      await startAll(lab, [1, 2], () => cfg());
      await lab.roles([1, 2], ...serving);
      await startAll(lab, [3, 4, 5], () => cfg(listOf(5)));
      await lab.roles([1, 2, 3, 4, 5], ...serving);
      await Promise.all([1, 2, 3, 4, 5].map(lab.write));
      const logs = await Promise.all([1, 2, 3, 4, 5].map(lab.log));
      return logs.flatMap(
        (log) => /sids: (\[.*\]); starting up.*0x(\d+)0{8}/.exec(log)?.slice(1).join(' epoch ') ?? [],
      );
    },
    sees: ['[[1, 2]] epoch 1', '[[3, 4, 5]] epoch 1'],
  },
  {
    is: 'a server whose list has the ports exchanged never joins; with all lists like that it works',
    shows: ['ports-swapped', 'lists-differ'],
    servers: 3,
    async run(lab) {
      const swapped = list('zoo1:3888:2888', 'zoo2:3888:2888', 'zoo3:3888:2888');
      await startAll(lab, [1, 2, 3], (sid) => (sid === 1 ? cfg(swapped) : cfg()));
      await lab.roles([2, 3], ...serving);
      await lab.logged(1, /Cannot open channel to \d at election address \S+:2888/);
      const mixed = await lab.role(1);
      await Promise.all([1, 2, 3].map(lab.kill));
      await startAll(lab, [1, 2, 3], () => cfg(swapped));
      return { mixed, same: (await lab.roles([1, 2, 3], ...serving)).length };
    },
    sees: { mixed: 'electing', same: 3 },
  },
  {
    is: 'without "server.N=" each server takes writes alone, in its first epoch',
    shows: ['servers-without-ids', 'replicas-without-list'],
    servers: 3,
    async run(lab) {
      await startAll(lab, [1, 2, 3], () =>
        cfg(list('a=b'), swap('a=b', 'zoo1:2888:3888\nzoo2:2888:3888\nzoo3:2888:3888')),
      );
      const roles = await lab.roles([1, 2, 3], 'standalone');
      await Promise.all([1, 2, 3].map(lab.write));
      return roles;
    },
    sees: ['standalone', 'standalone', 'standalone'],
  },
  {
    is: 'an ensemble without a client port elects a leader and listens to no client',
    shows: ['no-client-port'],
    servers: 3,
    async run(lab) {
      await startAll(lab, [1, 2, 3], () => cfg(swap(/clientPort=.*\n/, '')));
      await Promise.any([1, 2, 3].map((sid) => lab.logged(sid, /Have quorum of supporters/)));
      return await Promise.all([1, 2, 3].map(lab.role));
    },
    sees: ['down', 'down', 'down'],
  },
  {
    is: 'of four servers two may not go, and of two none',
    shows: ['even-voters', 'two-voters', 'budget-breaks-quorum', 'unknown-host'],
    servers: 4,
    async run(lab) {
      await startAll(lab, [1, 2, 3, 4], () => cfg(listOf(4)));
      await lab.roles([1, 2, 3, 4], ...serving);
      await lab.kill(1);
      await lab.roles([2, 3, 4], ...serving);
      await Promise.all([2, 3, 4].map(lab.write));
      await lab.kill(2);
      const four = await lab.roles([3, 4], 'electing');
      await Promise.all([3, 4].map(lab.kill));
      await Promise.all([1, 2, 3, 4].map(lab.wipe));
      await startAll(lab, [1, 2], () => cfg(listOf(2)));
      await lab.roles([1, 2], ...serving);
      await lab.kill(1);
      return { four, two: await lab.roles([2], 'electing') };
    },
    sees: { four: ['electing', 'electing'], two: ['electing'] },
  },
  {
    is: 'of two lines with one id the last counts, and the server of the first ends',
    shows: ['server-twice', 'address-twice'],
    servers: 3,
    async run(lab) {
      await lab.start(2, {
        cfg: cfg(list('zoo1:2888:3888', 'zoo2:2888:3888', 'server.2=zoo3:2888:3888')),
        myid: '2\n',
      });
      const twice = (await lab.ended(2)).code;
      await lab.wipe(2);
      await lab.start(2, {
        cfg: cfg(list('zoo1:2888:3888', 'zoo1:2888:3888', 'zoo3:2888:3888')),
        myid: '2\n',
      });
      return { twice, address: (await lab.ended(2)).code };
    },
    sees: { twice: 14, address: 14 },
  },
  {
    is: 'with no weight at all nobody ever leads',
    shows: ['no-weight'],
    servers: 3,
    async run(lab) {
      const none = cfg(add('group.1=1:2:3', 'weight.1=0', 'weight.2=0', 'weight.3=0'));
      await startAll(lab, [1, 2, 3], () => none);
      // With weights they elect 0.3 s after they have heard of each other.
      await Promise.all([1, 2, 3].map((sid) => lab.logged(sid, /Notification time out: (800|1000)/)));
      return await Promise.all([1, 2, 3].map(lab.role));
    },
    sees: ['electing', 'electing', 'electing'],
  },
  {
    is: 'a follower with shorter limits than the pings of its leader leaves it again and again',
    shows: ['limits-differ'],
    servers: 3,
    async run(lab) {
      const slow = swap('tickTime=300', 'tickTime=2000');
      const hasty = both(swap('tickTime=300', 'tickTime=200'), swap('syncLimit=5', 'syncLimit=2'));
      await startAll(lab, [1, 2, 3], (sid) => (sid === 1 ? cfg(hasty) : cfg(slow)));
      await lab.roles([2, 3], ...serving);
      return await waitFor({ what: 'it to leave three times', deadlineMs: 20_000 }, async () => {
        const left =
          (await lab.log(1)).match(/Exception when following the leader[\s\S]{0,80}Read timed out/g) ?? [];
        return left.length >= 3 ? 'left three times' : undefined;
      });
    },
    sees: 'left three times',
  },
];
