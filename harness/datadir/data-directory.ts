import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { Trouble, usage } from '../base/trouble.ts';
import type { Zxid } from '../history/op.ts';

/** A log or a snapshot; its name carries the zxid it begins with, or stands for. */
export interface DatedFile {
  name: string;
  path: string;
  zxid: Zxid;
  bytes: number;
}

/** The epoch files; text where a file does not hold a number, absent where there is no file. */
export interface Epochs {
  /** What it promised to a leader (`acceptedEpoch`). */
  accepted?: number | string;
  /** Which leader's history it has (`currentEpoch`). */
  current?: number | string;
  /** The value it was about to make current when it died (`currentEpoch.tmp`, AtomicFileOutputStream). */
  next?: number | string;
  /** It died between the snapshot of a new epoch and its `currentEpoch` (`updatingEpoch`, 3.4.6 to 3.4.14). */
  updating?: true;
}

/** What one server stored, its `dataDir` and `dataLogDir` together. Logs and snapshots in the order of their zxids. */
export interface DataDirectory {
  logs: DatedFile[];
  snapshots: DatedFile[];
  epochs: Epochs;
  /** Its sid as `myid` says it. */
  sid?: number | string;
}

/** Where a server puts its files below `dataDir` and `dataLogDir` (FileTxnSnapLog.VERSION and version). */
export const versionFolder = 'version-2';
/** Util.makeLogName, Util.makeSnapshotName; the extensions are SnapStream.StreamMode, 3.6 and later. */
const logName = /^log\.([0-9a-f]{1,16})$/;
const snapshotName = /^snapshot\.([0-9a-f]{1,16})(\.gz|\.snappy)?$/;

/**
 * The data directory of one server: the folder with the files, the `dataDir` above it, or a folder that holds `dataDir`
 * and `dataLogDir` side by side. Throws a Trouble when there is none, or files of several servers.
 */
export function openDataDirectory(given: string): DataDirectory {
  if (!existsSync(given)) throw usage(given, 'it does not exist', 'give a data directory of ZooKeeper');
  if (!statSync(given).isDirectory()) throw usage(given, 'it is no directory', 'give the directory it is in');
  const withLogs = foldersIn(resolve(given)).filter((folder) => datedFiles(folder, logName).length > 0);
  if (withLogs.length > 1) {
    throw usage(
      given,
      `logs of several servers (${withLogs.join(', ')})`,
      'give the data directory of one server',
    );
  }
  const directory = dataDirectoryAt(given);
  if (directory.logs.length > 0 || directory.snapshots.length > 0) return directory;
  throw usage(
    given,
    `no transaction log (log.<zxid>) and no snapshot (snapshot.<zxid>) in it or in its ${versionFolder}`,
    'give the dataDir or dataLogDir of a server',
  );
}

/**
 * As `openDataDirectory`, for a folder that is known to be one server's. It may hold nothing, of a server that stored nothing
 * yet or lost its disk, and logs in both places, of one that was upgraded to a release that exchanges them (ZOOKEEPER-2960).
 */
export function dataDirectoryAt(given: string): DataDirectory {
  const folders = foldersIn(resolve(given));
  const inAll = (pattern: RegExp) => folders.flatMap((folder) => datedFiles(folder, pattern));
  const byZxid = (a: DatedFile, b: DatedFile) => a.zxid - b.zxid;
  const sid = numberIn(folders.flatMap((folder) => [join(folder, '..', 'myid'), join(folder, 'myid')]));
  return {
    logs: inAll(logName).sort(byZxid),
    snapshots: inAll(snapshotName).sort(byZxid),
    epochs: epochsIn(folders),
    ...(sid !== undefined && { sid }),
  };
}

function foldersIn(given: string): string[] {
  const below = entriesOf(given).map((name) => join(given, name, versionFolder));
  return [given, join(given, versionFolder), ...below].filter(holdsFiles);
}

const holdsFiles = (folder: string) =>
  existsSync(folder) && entriesOf(folder).some((name) => logName.test(name) || snapshotName.test(name));

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new Trouble(folder, `it cannot be read (${code})`, 'run this as a user who may read it', { cause });
  }
}

function datedFiles(folder: string, pattern: RegExp): DatedFile[] {
  return entriesOf(folder).flatMap((name) => {
    const hex = pattern.exec(name)?.[1];
    if (hex === undefined) return [];
    const path = join(folder, name);
    return { name: basename(path), path, zxid: Number.parseInt(hex, 16) as Zxid, bytes: statSync(path).size };
  });
}

function epochsIn(folders: readonly string[]): Epochs {
  const inAny = (name: string) => folders.map((folder) => join(folder, name));
  const accepted = numberIn(inAny('acceptedEpoch'));
  const current = numberIn(inAny('currentEpoch'));
  const next = numberIn(inAny('currentEpoch.tmp'));
  return {
    ...(accepted !== undefined && { accepted }),
    ...(current !== undefined && { current }),
    ...(next !== undefined && { next }),
    ...(inAny('updatingEpoch').some((path) => existsSync(path)) && { updating: true }),
  };
}

/** The first of these files that exists; its text when it is no number. */
function numberIn(paths: readonly string[]): number | string | undefined {
  const path = paths.find((candidate) => existsSync(candidate));
  if (path === undefined) return undefined;
  const text = readFileSync(path, 'latin1').trim();
  return /^\d+$/.test(text) ? Number(text) : text;
}
