import { describe, expect, test } from 'vitest';
import { type LogLine, logRecords } from '../../harness/ledger/log-line.ts';
import { alarms, type Pattern, patterns } from '../../harness/ledger/patterns.ts';
import { recorded, recordings } from './recorded.ts';

const matching = ({ logger, message }: Pick<LogLine, 'logger' | 'message'>) =>
  patterns.filter((row) => row.logger === logger && row.like.test(message));

describe.each(recordings)('in the logs of %s', (name) => {
  const { logs, version } = recorded(name);
  const records = [...logs.values()].flatMap((text) => [...logRecords(text)]);

  test('every record matches at most one row', () => {
    expect(records.filter((record) => matching(record).length > 1)).toEqual([]);
  });

  test('every row that matches says that it is for this version', () => {
    const rows = new Set(records.flatMap(matching));
    expect([...rows].filter((row) => !covers(row, version))).toEqual([]);
  });

  test('a record with an alarm in its first line matches no row', () => {
    const alarming = records.filter(({ message }) =>
      alarms.some((words) => message.split('\n')[0]!.includes(words)),
    );
    expect(alarming.flatMap(matching)).toEqual([]);
  });
});

test('every row was seen on a real server or is tried here', () => {
  const seen = recordings.flatMap((name) =>
    [...recorded(name).logs.values()].flatMap((text) => [...logRecords(text)].flatMap(matching)),
  );
  const tried = spellings.flatMap(({ logger, message }) => matching({ logger, message }));
  expect(patterns.filter((row) => !seen.includes(row) && !tried.includes(row))).toEqual([]);
});

/** Spellings the recordings do not have, from logs of 3.4.5 and from the sources at the release tags. */
const spellings = [
  {
    logger: 'FastLeaderElection',
    message:
      'Notification: 3 (n.leader), 0x100000001 (n.zxid), 0x2 (n.round), LOOKING (n.state), 1 (n.sid), 0x1 (n.peerEPoch), LOOKING (my state)',
    event: {
      kind: 'vote',
      from: 1,
      fromState: 'LOOKING',
      leader: 3,
      zxid: '0x100000001',
      round: 2,
      peerEpoch: 1,
    },
  },
  {
    logger: 'FastLeaderElection',
    message: 'New election. My id =  2, Proposed zxid = 4294967297',
    event: { kind: 'search', zxid: '0x100000001' },
  },
  {
    logger: 'Leader',
    message: 'Have quorum of supporters; starting up and setting last processed zxid: 0x300000000',
    event: { kind: 'established', zxid: '0x300000000', epoch: 3, supporters: [] },
  },
  {
    logger: 'Leader',
    message:
      'Have quorum of supporters, sids: [ 1,13 ]; starting up and setting last processed zxid: 0x1a00000000',
    event: { kind: 'established', zxid: '0x1a00000000', epoch: 26, supporters: [1, 13] },
  },
  {
    logger: 'Leader',
    message:
      'Have quorum of supporters, sids: [[1, 2],[2, 4]]; starting up and setting last processed zxid: 0x100000000',
    event: { kind: 'established', zxid: '0x100000000', epoch: 1, supporters: [1, 2, 4] },
  },
  { logger: 'Leader', message: 'Quit leading due to voter changed mind.', event: { kind: 'voter-left' } },
  {
    logger: 'QuorumPeerMain',
    message: 'Either no config or no quorum defined in config, running in standalone mode',
    event: { kind: 'start' },
  },
];

test.each(spellings)('$message', ({ logger, message, event }) => {
  const [row, ...more] = matching({ logger, message });
  expect(more).toEqual([]);
  expect(row?.read(row.like.exec(message)?.groups ?? {})).toEqual(event);
});

function covers({ since, before }: Pattern, version: string): boolean {
  return compare(version, since) >= 0 && (before === undefined || compare(version, before) < 0);
}

function compare(a: string, b: string): number {
  const [left, right] = [a, b].map((text) => text.split('.').map(Number));
  const i = [0, 1, 2].find((at) => (left![at] ?? 0) !== (right![at] ?? 0)) ?? 0;
  return (left![i] ?? 0) - (right![i] ?? 0);
}
