import { cutOff, leaderKilled, load, move, type Named, topologyOf, type Way } from './way.ts';
import { isWayBack } from './way-back.ts';

/** One server after the other moves to the new release while clients write, with faults at every mixed stage. */
export function rolling(way: Way): Named[] {
  const { from, to } = way;
  return [
    {
      name: 'rolling, followers first',
      about: 'the leader moves last; the leader is killed and a follower cut off at both mixed stages',
      topology: topologyOf(way, { version: from }),
      workload: load,
      steps: [
        ...move(from, to, 'follower'),
        ...leaderKilled,
        ...cutOff(way, 'follower'),
        ...move(from, to, 'follower'),
        ...leaderKilled,
        ...cutOff(way, 'follower'),
        ...move(from, to),
        ...leaderKilled,
      ],
    },
    {
      name: 'rolling, leader first',
      about:
        'the leader moves first; the leader is killed and cut off at the mixed stages; logs apart from snapshots',
      topology: topologyOf(way, { version: from, separateLogDir: true }),
      workload: load,
      steps: [
        ...move(from, to, 'leader'),
        ...leaderKilled,
        ...cutOff(way, 'leader'),
        ...move(from, to),
        ...leaderKilled,
        ...move(from, to),
        ...leaderKilled,
      ],
    },
  ];
}

/** There, and back again: clients write at every stage, and the new release has to leave what the old one can read. */
export function thereAndBack(way: Way): Named[] {
  const { from, to } = way;
  if (!isWayBack(from, to)) return [];
  return [
    {
      name: 'there and back',
      about: 'a rolling upgrade, then a rolling downgrade, clients at work; logs apart from snapshots',
      topology: topologyOf(way, { version: from, separateLogDir: true }),
      workload: load,
      steps: [
        ...move(from, to, 'follower'),
        ...move(from, to, 'follower'),
        ...move(from, to),
        ...leaderKilled,
        ...move(to, from, 'follower'),
        ...leaderKilled,
        ...move(to, from),
        ...move(to, from),
        ...leaderKilled,
      ],
    },
  ];
}
