import { describe, expect, test } from 'vitest';
import { logRecords, readLogLine } from '../../harness/ledger/log-line.ts';

// Recorded from 3.9.5 with the logback 1.3.15 it ships with (fixtures/3.9.5-logback), and from 3.4.14 with reload4j.
const logback =
  '2026-11-21 09:00:33,192 [myid:] - INFO  [WorkerReceiver[myid=3]:o.a.z.s.q.FastLeaderElection$Messenger$WorkerReceiver@391] - Notification: my state:LOOKING';
const log4j =
  '2026-11-21 08:59:22,564 [myid:2] - INFO  [QuorumPeer[myid=2]/127.0.0.1:42707:QuorumPeer@910] - LOOKING';

describe('a log line', () => {
  test('of log4j is taken apart', () => {
    expect(readLogLine(log4j)).toEqual({
      wallMs: Date.UTC(2026, 10, 21, 8, 59, 22, 564),
      level: 'INFO',
      thread: 'QuorumPeer[myid=2]/127.0.0.1:42707',
      logger: 'QuorumPeer',
      message: 'LOOKING',
    });
  });

  test('of logback names the same class, and may have no myid', () => {
    expect(readLogLine(logback)).toMatchObject({
      thread: 'WorkerReceiver[myid=3]',
      logger: 'FastLeaderElection',
      message: 'Notification: my state:LOOKING',
    });
  });

  test('with an IPv6 address in the thread is taken apart', () => {
    const line = log4j.replace('/127.0.0.1:42707', '/[0:0:0:0:0:0:0:0]:2181');
    expect(readLogLine(line)).toMatchObject({
      thread: 'QuorumPeer[myid=2]/[0:0:0:0:0:0:0:0]:2181',
      logger: 'QuorumPeer',
    });
  });

  test('of a server in another time zone is moved to UTC', () => {
    expect(readLogLine(log4j, 60)?.wallMs).toBe(Date.UTC(2026, 10, 21, 7, 59, 22, 564));
  });

  test.each([
    '',
    '\tat java.base/java.net.Socket.connect(Socket.java:633)',
    'java.io.EOFException: null',
    '2026-11-21',
  ])('that begins no record is none: %j', (line) => expect(readLogLine(line)).toBeUndefined());
});

describe('records', () => {
  test('carry the lines that follow them', () => {
    const text = `lost\n${log4j}\njava.lang.Exception: why\n\tat A\n${logback}\n`;
    expect([...logRecords(text)].map(({ message }) => message)).toEqual([
      'LOOKING\njava.lang.Exception: why\n\tat A',
      'Notification: my state:LOOKING',
    ]);
  });

  test('end without carriage returns', () => {
    expect([...logRecords(`${log4j}\r\n`)][0]?.message).toBe('LOOKING');
  });

  test('leave out a last line that was cut off', () => {
    expect([...logRecords(`${log4j}\n${logback.slice(0, -3)}`)]).toHaveLength(1);
  });
});
