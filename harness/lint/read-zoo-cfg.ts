import { basename, dirname, isAbsolute, join } from 'node:path';
import type { Disk, Place, Server, ServerId, Setting } from './model.ts';
import { readProperties } from './properties.ts';

/** The settings of a zoo.cfg; `placeOf` tells where line n of the text stands (in a ConfigMap it is not line n). */
export function settingsIn(text: string, placeOf: (line: number) => Place): Setting[] {
  return readProperties(text).map(({ key, value, line }) => ({
    key,
    value,
    written: key,
    place: placeOf(line),
  }));
}

export interface NamedFile {
  file: string;
  text: string;
}

/** One server from its zoo.cfg, the dynamic file it names, and its myid: given, in dataDir on this machine, or beside it. */
export function readZooCfg(
  { file, text }: NamedFile,
  {
    release,
    disk,
    myids,
    dynamic,
  }: { release: string; disk: Disk; myids: readonly NamedFile[]; dynamic: readonly NamedFile[] },
): Server {
  const own = settingsIn(text, (line) => ({ file, line }));
  const settings = [...own, ...own.filter(({ key }) => key === 'dynamicConfigFile').flatMap(listOf)];
  function listOf({ value, written, place }: Setting): Setting[] {
    const paths = [value ?? '', join(dirname(file), basename(value ?? ''))];
    const given = dynamic.find((candidate) => paths.includes(candidate.file));
    const found =
      given ??
      paths.map((path) => ({ file: path, text: disk.read(path) })).find((read) => read.text !== undefined);
    if (found?.text === undefined) return [{ key: 'server.', value: null, written, place }];
    return settingsIn(found.text, (line) => ({ file: found.file, line }));
  }
  const value = (key: string) => settings.findLast((setting) => setting.key === key)?.value ?? undefined;
  const place = { file, line: 1 };
  const dataDir = value('dataDir');
  return {
    name: file,
    place,
    release,
    settings,
    id: findId(file, { dataDir, dataLogDir: value('dataLogDir') }, disk, myids),
    hosts: null,
    storage: dataDir === undefined ? null : storageOf(file, dataDir),
    ownNetwork: false,
    scope: '',
    localHosts: [],
  };
}

/** A relative directory is another one for each server that is started elsewhere. */
const storageOf = (file: string, dataDir: string) =>
  isAbsolute(dataDir) ? dataDir : join(dirname(file), dataDir);

function findId(
  file: string,
  { dataDir, dataLogDir }: { dataDir: string | undefined; dataLogDir: string | undefined },
  disk: Disk,
  myids: readonly NamedFile[],
): ServerId {
  const given = (path: string, text: string): ServerId => ({
    kind: 'text',
    text,
    written: 'myid',
    place: { file: path, line: 1 },
  });
  const directories = dataDir === undefined ? [] : [dataDir, join(dirname(file), dataDir)];
  const named = myids.find((myid) => [...directories, dirname(file)].includes(dirname(myid.file)));
  if (named !== undefined) return given(named.file, named.text);
  for (const path of [...directories, dirname(file)].map((directory) => join(directory, 'myid'))) {
    const text = disk.read(path);
    if (text !== undefined) return given(path, text);
  }
  const empty = directories.find((directory) => isServersOwn(disk.list(directory)));
  if (empty === undefined) return { kind: 'unknown' };
  const beside = dataLogDir !== undefined && disk.read(join(dataLogDir, 'myid')) !== undefined;
  const why = `${empty} has no myid${beside ? '; there is one in dataLogDir, where servers do not look' : ''}`;
  return { kind: 'missing', why, place: { file, line: 1 } };
}

/** A directory that is here but holds somebody else's files says nothing about the server's. */
const isServersOwn = (names: readonly string[] | undefined) =>
  names?.every((name) => ['version-2', 'zookeeper_server.pid', 'lost+found'].includes(name)) ?? false;
