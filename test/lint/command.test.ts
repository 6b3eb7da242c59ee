import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { gauntlet } from '../support/gauntlet.ts';
import { guide } from './guide.ts';

const cwd = mkdtempSync(join(tmpdir(), 'gauntlet-test-'));
afterAll(() => rmSync(cwd, { recursive: true }));

const files: Record<string, string> = {
  'good/zoo.cfg': guide,
  'good/myid': '1\n',
  'bad/zoo.cfg': guide.replace('tickTime=2000', 'tickTime=2s'),
  'bad/myid': 'one\n',
  'advised/zoo.cfg': guide.replace(/autopurge.*\n/, ''),
  'four.cfg': `${guide}server.4=zoo4:2888:3888\n`,
  'note.txt': 'call mother',
};
for (const [name, text] of Object.entries(files)) {
  mkdirSync(dirname(join(cwd, name)), { recursive: true });
  writeFileSync(join(cwd, name), text);
}

describe('gauntlet lint', () => {
  test('exits with 0 and one line for files that are clean', async () => {
    expect(await gauntlet(['lint', 'good/zoo.cfg'], { cwd })).toMatchObject({
      code: 0,
      stdout: '1 file, 1 server: no problems\n',
      stderr: '',
    });
  });

  test('exits with 1 and tells each problem: where, what, what then, how to mend it', async () => {
    const { code, stdout } = await gauntlet(['lint', 'bad/zoo.cfg'], { cwd });
    expect(code).toBe(1);
    expect(stdout).toContain(
      'bad/zoo.cfg:1: error: tickTime is "2s", no whole number [not-a-number]\n    then: the server',
    );
    expect(stdout).toContain('bad/myid:1: error: the first line of myid is "one" [myid-not-a-number]\n');
    expect(stdout).toContain('\n    fix:  write the number alone');
    expect(stdout).toMatch(/1 file, 1 server: 2 errors\n$/);
  });

  test('exits with 1 for a warning, unless it is ignored', async () => {
    expect(await gauntlet(['lint', 'four.cfg'], { cwd })).toMatchObject({ code: 1 });
    expect(await gauntlet(['lint', 'four.cfg', '--ignore', 'even-voters'], { cwd })).toMatchObject({
      code: 0,
    });
  });

  test('gives advice and exits with 0', async () => {
    const { code, stdout } = await gauntlet(['lint', 'advised/zoo.cfg'], { cwd });
    expect([code, stdout.match(/advice/g)?.length]).toEqual([0, 2]);
  });

  test('--json prints one object and nothing else', async () => {
    const { code, stdout } = await gauntlet(['lint', 'bad/zoo.cfg', '--json'], { cwd });
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      files: [{ file: 'bad/zoo.cfg', kind: 'zoo.cfg' }],
      servers: [{ name: 'bad/zoo.cfg', ensemble: ['bad/zoo.cfg'] }],
      problems: [
        { check: 'myid-not-a-number', file: 'bad/myid', line: 1 },
        {
          check: 'not-a-number',
          severity: 'error',
          file: 'bad/zoo.cfg',
          line: 1,
          source: expect.any(String),
        },
      ],
    });
  });

  test.each([
    { args: ['nowhere.cfg'], says: /nowhere\.cfg: .*ENOENT/ },
    { args: ['note.txt'], says: /note\.txt: it has no setting of ZooKeeper/ },
    { args: ['good/zoo.cfg', '--ignore', 'everything'], says: /--ignore everything: there is no such check/ },
    { args: ['good/zoo.cfg', '--zookeeper', 'new'], says: /--zookeeper "new"/ },
    { args: [], says: /missing required argument 'file'/ },
  ])('exits with 2 and the reason: $args', async ({ args, says }) => {
    const { code, stdout, stderr } = await gauntlet(['lint', ...args], { cwd });
    expect(stderr).toMatch(says);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect([code, stdout]).toEqual([2, '']);
  });
});
