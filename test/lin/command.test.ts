import { afterEach, expect, test, vi } from 'vitest';
import { main } from '../../harness/cli/main.ts';
import { gauntlet } from '../support/gauntlet.ts';
import { temporaryFiles } from './temporary.ts';

/** The command line without a process of its own, which would take most of the time. */
async function lin(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const said = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const)
    vi.spyOn(process[stream], 'write').mockImplementation((text) => {
      said[stream] += text;
      return true;
    });
  const code = await main(['lin', ...args]);
  vi.restoreAllMocks();
  return { code, ...said };
}

afterEach(() => {
  process.exitCode = undefined;
});

const files = temporaryFiles();
const events = (...lines: string[]) => lines.map((line) => `{${line}}\n`).join('');
const write1 = ':process 0 :type :invoke :f :write :value 1';
const wrote1 = ':process 0 :type :ok :f :write :value 1';
const read = ':process 1 :type :invoke :f :read :value nil';
const readValue = (value: string) => `:process 1 :type :ok :f :read :value ${value}`;

const good = files.write('good.edn', events(write1, read, readValue('nil'), wrote1));
const bad = files.write('bad.edn', events(write1, wrote1, read, readValue('nil')));
const empty = files.write('empty.edn', '\n');
const broken = files.write('broken.edn', '{:process');
const ownModel = files.write(
  'tally.ts',
  `export default {
    init: () => 0,
    step: (sum: number, { f, output }: { f: string; output: unknown }) => (f === 'write' ? sum + 1 : output === null ? sum : undefined),
    key: (sum: number) => sum,
    partition: () => '',
  };`,
);

test.each([
  { what: 'a legal history', args: [good, '--model', 'cas'], code: 0, says: /^ok {2}2 calls in 1 part/ },
  {
    what: 'nothing to judge',
    args: [empty, '--model', 'cas'],
    code: 3,
    says: /^unknown .*there is no call to judge/,
  },
  { what: "a user's model", args: [bad, '--model', ownModel], code: 0, says: /^ok/ },
])('$what ends with $code and says so', async ({ args, code, says }) => {
  const ended = await lin(...args);
  expect(ended.stdout).toMatch(says);
  expect(ended).toMatchObject({ code, stderr: '' });
});

test('a violation ends with 1 and names the calls, as words and as JSON', async () => {
  const words = await gauntlet(['lin', bad, '--model', 'register']);
  expect(words.code).toBe(1);
  expect(words.stdout.split('\n')).toEqual([
    'violation  2 calls in 1 part: these 2 have no legal order',
    '  line 1 to 2  process 0  write 1',
    '  line 3 to 4  process 1  read -> nil',
    expect.stringMatching(/^read -> nil \(process 1\) is about the initial value/),
    '',
  ]);
  const json = await lin(bad, '--model', 'register', '--json');
  expect(json.code).toBe(1);
  expect(JSON.parse(json.stdout)).toMatchObject({
    verdict: 'violation',
    calls: 2,
    unit: 'line',
    counterexample: [
      { process: 0, f: 'write', input: 1, outcome: 'ok', invoked: 1, returned: 2, taken: 'recorded' },
      { process: 1, f: 'read', output: null, invoked: 3, returned: 4 },
    ],
  });
});

test.each([
  {
    what: 'a file that is not there',
    args: ['nowhere.edn', '--model', 'cas'],
    code: 2,
    says: /nowhere\.edn: ENOENT/,
  },
  { what: 'no model', args: [good], code: 2, says: /--model/ },
  {
    what: 'a model that does not exist',
    args: [good, '--model', 'tree'],
    code: 2,
    says: /--model tree.*register, cas/,
  },
  {
    what: 'a file that is no model',
    args: [good, '--model', files.write('no.ts', 'export default {}')],
    code: 2,
    says: /init, step, key, partition/,
  },
  {
    what: 'a timeout that is none',
    args: [good, '--model', 'cas', '--timeout', 'soon'],
    code: 2,
    says: /--timeout soon/,
  },
  {
    what: 'a history that is cut off',
    args: [broken, '--model', 'cas'],
    code: 3,
    says: /broken\.edn: line 1: /,
  },
])('$what ends with $code and one line', async ({ args, code, says }) => {
  const ended = await lin(...args);
  expect(ended).toMatchObject({ code, stdout: '' });
  expect(ended.stderr).toMatch(says);
  expect(ended.stderr.trim().split('\n')).toHaveLength(1);
});
