import { describe, expect, test } from 'vitest';
import { readServerLog } from '../../harness/ledger/server-log.ts';
import { logOf, origin } from './recorded.ts';

describe('a server log', () => {
  test('gives one event per understood record, in ns since the origin', () => {
    const text = logOf(2, [
      [10, 'QuorumPeer', 'LOOKING'],
      [11, 'QuorumPeer', 'tickTime set to 300'],
      [20, 'QuorumPeer', 'FOLLOWING'],
    ]);
    expect(readServerLog(2, text, origin)).toEqual([
      { sid: 2, atNs: 10e6, kind: 'role', state: 'LOOKING' },
      { sid: 2, atNs: 20e6, kind: 'role', state: 'FOLLOWING' },
    ]);
  });

  test('takes the reason of a leader shutdown from the next line up to 3.5, from the same one after', () => {
    const reason = 'Not sufficient followers synced, only synced with sids: [ 2 ]';
    const stack = `Shutdown called\njava.lang.Exception: shutdown Leader! reason: ${reason}\n\tat org.Leader.shutdown`;
    const text = logOf(2, [
      [1, 'Leader', stack],
      [2, 'Leader', `Shutdown called. For the reason ${reason}`],
      [3, 'Leader', 'Shutdown called'],
    ]);
    const because = readServerLog(2, text, origin).map((event) =>
      'because' in event ? event.because : undefined,
    );
    expect(because).toEqual([reason, reason, 'no reason logged']);
  });

  test('finds an alarm inside a stack trace, at the time of its record, and the event as well', () => {
    const text = logOf(1, [
      [5, 'Follower', 'Exception when following the leader\njava.io.IOException: Unreasonable length = 7'],
    ]);
    expect(readServerLog(1, text, origin)).toEqual([
      { sid: 1, atNs: 5e6, kind: 'alarm', line: 'java.io.IOException: Unreasonable length = 7' },
      { sid: 1, atNs: 5e6, kind: 'leader-lost', because: 'java.io.IOException: Unreasonable length = 7' },
    ]);
  });

  test('has one alarm for a line with two alarming things in it', () => {
    const text = logOf(1, [
      [5, 'Any', 'Severe unrecoverable error, exiting java.lang.OutOfMemoryError: Java heap space'],
    ]);
    expect(readServerLog(1, text, origin)).toHaveLength(1);
  });

  test('says nothing about an alarm before any time is known', () => {
    expect(readServerLog(1, 'java.lang.OutOfMemoryError: Java heap space\n', origin)).toEqual([]);
  });

  test('in an unknown format has no events', () => {
    const text = logOf(1, [[5, 'QuorumPeer', 'LEADING']]).replace(/^.*? - /, '{"level":"INFO"} ');
    expect(readServerLog(1, text, origin)).toEqual([]);
  });

  test('does not take half a zxid for an epoch', () => {
    const line =
      'Have quorum of supporters, sids: [[1, 2]]; starting up and setting last processed zxid: 0x200000000';
    const text = logOf(1, [[5, 'Leader', line]]);
    expect(readServerLog(1, text, origin)).toMatchObject([{ epoch: 2 }]);
    expect(readServerLog(1, text.slice(0, -5), origin)).toEqual([]);
  });
});
