import { atLeast } from '../../topology/version.ts';
import type { Server, Setting } from '../model.ts';
import { listIsWhole, peersOf, votersIn } from '../server.ts';
import { type Check, type Found, listed, perServer, quoted } from './check.ts';

const hierarchical = 'QuorumHierarchical.parse';

/** Hierarchical quorums: group.G=sid:sid… and weight.N=…. */
export const groupChecks: readonly Check[] = [
  {
    id: 'voter-without-group',
    severity: 'error',
    about: 'groups or weights that leave a voter in no group',
    effect:
      'the server exits with 2: "is not in a group". A weight without any group is enough from 3.5 on; 3.4 ignores ' +
      'such weights and counts heads',
    remedy: 'name every voter in exactly one group.G=1:2:3, or remove groups and weights',
    source: hierarchical,
    find: perServer((server) => {
      const { groups, weights, members } = groupsOf(server);
      const hierarchy = groups.length > 0 || (weights.length > 0 && atLeast(server.release, '3.5.0'));
      const lonely = votersIn(peersOf(server)).filter(({ sid }) => !members.has(sid));
      if (!hierarchy || lonely.length === 0 || !listIsWhole(server) || isMalformed(groups)) return [];
      const place = (groups[0] ?? weights[0])!.place;
      return [{ place, what: `no group names server ${listed(lonely.map(({ sid }) => sid))}` }];
    }),
  },
  {
    id: 'voter-in-two-groups',
    severity: 'error',
    about: 'a server in two groups',
    effect: 'the server exits with 2: "is in multiple groups"',
    remedy: 'name every voter in exactly one group',
    source: hierarchical,
    find: perServer((server) => {
      const taken = new Set<number>();
      return groupsOf(server).groups.flatMap((group) =>
        sidsIn(group).flatMap((sid): Found[] => {
          if (!taken.has(sid)) {
            taken.add(sid);
            return [];
          }
          return [{ place: group.place, what: `"${quoted(group)}" names server ${sid} once more` }];
        }),
      );
    }),
  },
  {
    id: 'group-of-strangers',
    severity: 'error',
    about: 'a group that names an observer or a server that is not in the list',
    effect:
      'the server exits with 1 and a NullPointerException (3.4: with 2, "Every server must be in exactly one group")',
    remedy: 'name only voters of the list in groups',
    source: 'QuorumHierarchical.computeGroupWeight',
    find: perServer((server) => {
      const voters = new Set(votersIn(peersOf(server)).map(({ sid }) => sid));
      if (!listIsWhole(server)) return [];
      return groupsOf(server).groups.flatMap((group) =>
        sidsIn(group)
          .filter((sid) => !voters.has(sid))
          .map((sid) => ({
            place: group.place,
            what: `"${quoted(group)}" names server ${sid}, which is no voter`,
          })),
      );
    }),
  },
  {
    id: 'group-form',
    severity: 'error',
    about: 'a group or a weight that is not written in numbers',
    effect: 'the server exits with 2: NumberFormatException',
    remedy: 'write group.1=1:2:3 with colons, and weight.1=1',
    source: hierarchical,
    find: perServer((server) => {
      const { groups, weights } = groupsOf(server);
      const wrong = [
        ...groups.filter(({ key, value }) => !/^\w+\.\d+$/.test(key) || !/^\d+(:\d+)*$/.test(value ?? '')),
        ...weights.filter(({ key, value }) => !/^\w+\.\d+$/.test(key) || !/^-?\d+$/.test(value ?? '')),
      ];
      return wrong.map((setting) => ({
        place: setting.place,
        what: `"${quoted(setting)}" is not understood`,
      }));
    }),
  },
  {
    id: 'no-weight',
    severity: 'error',
    about: 'weights that are 0 for every voter',
    effect: 'the servers run and look for a leader for ever: no set of them is a quorum',
    remedy: 'give at least the voters of one group a weight',
    source: 'QuorumHierarchical.containsQuorum',
    find: perServer((server) => {
      const { weights } = groupsOf(server);
      const voters = votersIn(peersOf(server));
      const weightOf = (sid: number) => weights.findLast(({ key }) => key === `weight.${sid}`)?.value ?? '1';
      const none = voters.length > 0 && voters.every(({ sid }) => weightOf(sid) === '0');
      return none && listIsWhole(server)
        ? [{ place: weights[0]!.place, what: 'every voter has the weight 0' }]
        : [];
    }),
  },
];

function groupsOf({ settings }: Server): { groups: Setting[]; weights: Setting[]; members: Set<number> } {
  const groups = settings.filter(({ key, value }) => key.startsWith('group') && value !== null);
  const weights = settings.filter(({ key, value }) => key.startsWith('weight') && value !== null);
  return { groups, weights, members: new Set(groups.flatMap(sidsIn)) };
}

const sidsIn = ({ value }: Setting) =>
  /^\d+(:\d+)*$/.test(value ?? '') ? value!.split(':').map(Number) : [];
const isMalformed = (groups: readonly Setting[]) => groups.some((group) => sidsIn(group).length === 0);
