import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Trouble } from '../../harness/base/trouble.ts';
import { dataDirectoryAt, openDataDirectory } from '../../harness/datadir/data-directory.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'gauntlet-test-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

function put(...files: (string | [name: string, text: string])[]): void {
  for (const file of files) {
    const [name, text] = typeof file === 'string' ? [file, ''] : file;
    mkdirSync(join(home, name, '..'), { recursive: true });
    writeFileSync(join(home, name), text);
  }
}

const names = ({ logs, snapshots }: ReturnType<typeof openDataDirectory>) =>
  [...logs, ...snapshots].map(({ name }) => name);

test('files stand in the order of their zxids, which are hexadecimal; what is neither log nor snapshot is left out', () => {
  put(
    'version-2/log.2000000ff',
    'version-2/log.9',
    'version-2/log.10',
    'version-2/log.bak',
    'version-2/log.1.gz',
  );
  put(
    'version-2/snapshot.1a.gz',
    'version-2/snapshot.9',
    'version-2/snapshot.1b.snappy',
    'version-2/snapshot.2.tmp',
  );
  const directory = openDataDirectory(home);
  expect(names(directory)).toEqual([
    'log.9',
    'log.10',
    'log.2000000ff',
    'snapshot.9',
    'snapshot.1a.gz',
    'snapshot.1b.snappy',
  ]);
  expect(directory.logs[2]).toMatchObject({ zxid: 0x2000000ff, bytes: 0 });
});

test.each(['.', 'data', 'data/version-2'])('the files are found from %s', (from) => {
  put('data/version-2/log.1', ['data/version-2/acceptedEpoch', '3'], ['data/myid', '2\n']);
  expect(openDataDirectory(join(home, from))).toMatchObject({ sid: 2, epochs: { accepted: 3 } });
});

test('dataDir and dataLogDir side by side are one server', () => {
  put('data/version-2/snapshot.0', 'datalog/version-2/log.1', ['data/version-2/currentEpoch', '1']);
  expect(names(openDataDirectory(home))).toEqual(['log.1', 'snapshot.0']);
  expect(openDataDirectory(home).epochs).toEqual({ current: 1 });
});

test('epochs are told as they are, also when they are none, or were being changed', () => {
  put('version-2/snapshot.0', ['version-2/acceptedEpoch', ''], ['version-2/currentEpoch', '4']);
  put(['version-2/currentEpoch.tmp', '5'], 'version-2/updatingEpoch');
  expect(openDataDirectory(home).epochs).toEqual({ accepted: '', current: 4, next: 5, updating: true });
});

describe('what is no data directory is named with a remedy', () => {
  test.each([
    ['nothing there', 'none', 'it does not exist; give a data directory of ZooKeeper'],
    ['a file', 'file', 'it is no directory; give the directory it is in'],
    ['an empty folder', '', 'no transaction log (log.<zxid>) and no snapshot (snapshot.<zxid>)'],
  ])('%s', (_, name, words) => {
    put('file');
    const open = () => openDataDirectory(join(home, name));
    expect(open).toThrow(Trouble);
    expect(open).toThrow(words);
  });

  test('the folders of several servers', () => {
    put('zk1/version-2/log.1', 'zk2/version-2/log.1');
    expect(() => openDataDirectory(home)).toThrow('logs of several servers');
  });
});

test('a server that stored nothing has an empty directory', () => {
  expect(dataDirectoryAt(home)).toEqual({ logs: [], snapshots: [], epochs: {} });
});
