import { describe, expect, test } from 'vitest';
import { guide } from './guide.ts';
import { harmless } from './harmless.ts';
import { diskOf, idsIn, linted } from './linted.ts';
import { ensemble, pseudo, sideBySide, silent } from './silent.ts';
import { spoilt } from './spoilt.ts';

/** dataDir of the guide is on this machine, and holds nothing: a missing myid can be seen. */
const disk = diskOf({}, ['/var/lib/zookeeper']);

const filesOf = ({ edit = (cfg: string) => cfg, myid = '1\n' as string | null }) => ({
  'zk1/zoo.cfg': edit(guide),
  ...(myid !== null && { 'zk1/myid': myid }),
});

describe('one mistake in a zoo.cfg is named, and nothing else', () => {
  test.each([...spoilt, ...silent])('$check: $is', ({ check, also = [], release = '3.9.5', ...row }) => {
    const report = linted(filesOf(row), { release, disk });
    expect(idsIn(report)).toEqual([check, ...also].sort());
  });
});

describe('files that contradict each other', () => {
  test.each(sideBySide)('$check: $is', ({ check, also = [], files }) => {
    expect(idsIn(linted(files))).toEqual([check, ...also].sort());
  });
});

describe('nothing is said of what servers do not mind', () => {
  test.each(harmless)('$is', (row) => {
    expect(idsIn(linted(filesOf(row), { disk }))).toEqual([]);
  });

  test('three servers with their files', () => {
    const { problems, servers } = linted(ensemble({}));
    expect(problems).toEqual([]);
    expect(servers[2]).toEqual({
      name: 'zk3/zoo.cfg',
      ensemble: ['zk1/zoo.cfg', 'zk2/zoo.cfg', 'zk3/zoo.cfg'],
    });
  });

  test('three servers on one machine with ports and directories of their own', () => {
    const own = pseudo((cfg, sid) =>
      cfg.replace('clientPort=2181', `clientPort=218${sid}`).replace('/var/lib/zookeeper', `/data/${sid}`),
    );
    expect(idsIn(linted(own))).toEqual([]);
  });

  test('the same file of three machines, without their myid', () => {
    expect(idsIn(linted({ 'zk1/zoo.cfg': guide, 'zk2/zoo.cfg': guide, 'zk3/zoo.cfg': guide }))).toEqual([]);
  });

  test('two ensembles side by side that share nothing', () => {
    const other = {
      'b/zoo.cfg': guide.replaceAll('zoo', 'other').replace('tickTime=2000', 'tickTime=500'),
      'b/myid': '1',
    };
    expect(idsIn(linted({ 'a/zoo.cfg': guide, 'a/myid': '1', ...other }))).toEqual([]);
  });
});

describe('a dynamic configuration file', () => {
  const cfg = `${guide.replace(/server.*\n/g, '')}dynamicConfigFile=/etc/zookeeper/zoo.cfg.dynamic\n`;
  const list = guide.match(/server.*\n/g)!.join('');

  test('is the list of the zoo.cfg that names it', () => {
    const files = { 'zk1/zoo.cfg': cfg, 'zk1/zoo.cfg.dynamic': list };
    expect(linted(files).problems).toEqual([]);
    expect(linted({ ...files, 'zk1/zoo.cfg.dynamic': `${list}server.4=zoo4:2888\n` }).problems).toMatchObject(
      [{ check: 'server-line-form', file: 'zk1/zoo.cfg.dynamic', line: 4 }],
    );
  });

  test('that is not here leaves the list open', () => {
    expect(idsIn(linted({ 'zk1/zoo.cfg': cfg, 'zk1/myid': '7' }))).toEqual([]);
  });

  test('alone, or a myid alone, is an error', () => {
    expect(() => linted({ 'zoo.cfg.dynamic': list })).toThrow(
      'zoo.cfg.dynamic: no zoo.cfg among these files has it',
    );
    expect(() => linted({ 'zk1/zoo.cfg': guide, 'zk2/myid': '2' })).toThrow(
      'zk2/myid: no zoo.cfg among these files',
    );
  });
});

describe('myid', () => {
  test('in dataDir counts before one beside the file', () => {
    const files = { 'zk1/zoo.cfg': guide };
    const both = diskOf({ '/var/lib/zookeeper/myid': '9\n', 'zk1/myid': '1\n' });
    expect(linted(files, { disk: both }).problems).toMatchObject([
      {
        check: 'myid-not-in-list',
        file: '/var/lib/zookeeper/myid',
        what: 'myid is 9, and the list has 1, 2 and 3',
      },
    ]);
  });

  test('in dataLogDir is pointed out where dataDir has none', () => {
    const log = { '/log/myid': '1\n' };
    const report = linted(
      { 'zk1/zoo.cfg': `${guide}dataLogDir=/log\n` },
      { disk: { ...diskOf(log), list: disk.list } },
    );
    expect(report.problems[0]).toMatchObject({
      check: 'myid-missing',
      what: expect.stringContaining('there is one in dataLogDir'),
    });
  });

  test("is not missed where dataDir is not here, or is somebody else's", () => {
    expect(idsIn(linted({ 'zk1/zoo.cfg': guide }))).toEqual([]);
    const foreign = { ...diskOf({}), list: () => ['index.html'] };
    expect(idsIn(linted({ 'zk1/zoo.cfg': guide }, { disk: foreign }))).toEqual([]);
  });
});

test.each([
  { file: 'empty.cfg', text: '', says: 'it is empty' },
  { file: 'note.txt', text: 'call mother', says: 'it has no setting of ZooKeeper' },
  {
    file: 'server.properties',
    text: 'broker.id=1\nzookeeper.connect=zk1:2181\n',
    says: "it holds a Kafka broker's settings",
  },
  { file: 'chart.yaml', text: 'apiVersion: v1\nname: {{ .Values.name }}\n', says: 'it is a template' },
  { file: 'broken.yaml', text: 'services:\n  a: [\n', says: 'it is no readable YAML: line 3' },
  {
    file: 'web.yml',
    text: 'services: { web: { image: nginx } }\n',
    says: 'nothing in it runs the official image',
  },
])('$file is an error: $says', ({ file, text, says }) => {
  expect(() => linted({ [file]: text })).toThrow(`${file}: ${says}`);
});

test('a problem has its file, its line and its value', () => {
  const { problems } = linted({ 'a/zoo.cfg': guide.replace('syncLimit=5', 'syncLimit=five') });
  expect(problems).toMatchObject([
    {
      check: 'not-a-number',
      severity: 'error',
      file: 'a/zoo.cfg',
      line: 3,
      what: 'syncLimit is "five", no whole number',
    },
  ]);
});
