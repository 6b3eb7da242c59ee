import { expect, test } from 'vitest';
import { knownModels } from '../../harness/lin/catalogue.ts';
import { checkHistory } from '../../harness/lin/check.ts';
import { callWords } from '../../harness/lin/explain/words.ts';
import type { LinHistory } from '../../harness/lin/history.ts';
import { casRegister } from '../../harness/lin/models/register.ts';
import { callOf } from '../../harness/lin/partition.ts';
import { readHistoryFor } from '../../harness/lin/read/read-history.ts';
import { temporaryFiles } from './temporary.ts';

const files = temporaryFiles();
let written = 0;

interface Options {
  model?: string;
  independent?: boolean;
  ignoreFailedCas?: boolean;
  initial?: string;
}

function read(
  text: string,
  { model = 'cas', independent = false, ignoreFailedCas = false, initial }: Options = {},
) {
  const known = knownModels.find(({ name }) => name === model)!;
  const path = files.write(`${++written}.edn`, text);
  return readHistoryFor(path, known, { independent, ignoreFailedCas, initial, reading: 'promised' }).history;
}

const lines = (history: LinHistory) =>
  Array.from({ length: history.length }, (_, op) => {
    const call = callOf(history, op);
    const key = call.key === null ? '' : ` of ${call.key}`;
    return `${history.invoked[op]}-${history.returned[op]} p${history.process[op]}${key} ${callWords(call)}`;
  });

const ednLines = (...events: string[]) => events.map((event) => `{${event}}`).join('\n');

test('calls are put together from invocations and completions; the line is the time', () => {
  const history = read(
    ednLines(
      ':process 0, :type :invoke, :f :write, :value 5',
      ':process 1, :type :invoke, :f :read, :value nil',
      ':process 1, :type :ok, :f :read, :value 5, :time 12, :index 3',
      ':process 0, :type :ok, :f :write, :value 5',
    ),
  );
  expect(lines(history)).toEqual(['1-4 p0 write 5', '2-3 p1 read -> 5']);
});

test('a history may be one vector of records, several lines each, with the nemesis and comments in it', () => {
  const history = read(
    '[#jepsen.history.Op{:index 0, :time 1,\n :type :invoke, :process 3, :f :cas, :value [1 2]}\n' +
      ' {:type :info, :process :nemesis, :f :start, :value {:isolated #{"n1"}}} ; cut off\n' +
      ' #jepsen.history.Op{:type :ok,\n :process 3, :f :cas, :value [1 2]}]',
  );
  expect(lines(history)).toEqual(['1-4 p3 cas [1 2]']);
});

test('in a history of one line the order of its events is the time', async () => {
  const one = ednLines(
    ':process 0 :type :invoke :f :write :value 1',
    ':process 0 :type :ok :f :write :value 1',
    ':process 1 :type :invoke :f :read :value nil',
    ':process 1 :type :ok :f :read :value nil',
  ).replaceAll('\n', ' ');
  expect(await checkHistory(read(`[${one}]`), casRegister)).toMatchObject({ verdict: 'violation' });
});

test('an info call, one without any completion and one whose process went on stay without answer', () => {
  const history = read(
    ednLines(
      ':process 0 :type :invoke :f :write :value 1',
      ':process 0 :type :info :f :write :value 1 :error :timeout',
      ':process 0 :type :invoke :f :write :value 2',
    ),
  );
  expect(lines(history)).toEqual(['1-Infinity p0 write 1, no answer', '3-Infinity p0 write 2, no answer']);
});

const failures = ednLines(
  ':process 0 :type :invoke :f :write :value 1',
  ':process 0 :type :fail :f :write :value 1',
  ':process 1 :type :invoke :f :cas :value [1 2]',
  ':process 1 :type :fail :f :cas :value [1 2]',
);

test('a failed write is left out; a failed compare-and-set is an observation, unless told otherwise', () => {
  expect(lines(read(failures))).toEqual(['3-4 p1 cas [1 2] failed']);
  expect(lines(read(failures, { ignoreFailedCas: true }))).toEqual([]);
});

test('independent keys are taken from the values, and a value that was there at first is a write before all lines', () => {
  const text = ednLines(
    ':process 0 :type :invoke :f :read :value ["a" nil]',
    ':process 0 :type :ok :f :read :value ["a" 0]',
  );
  expect(lines(read(text, { independent: true, initial: '0' }))).toEqual([
    '0-0 p-1 of a write 0',
    '1-2 p0 of a read -> 0',
  ]);
});

test('operations are known by the names other tools use', () => {
  const text = ednLines(
    ':process 0 :type :invoke :f :get :value nil',
    ':process 0 :type :ok :f :get :value 3',
  );
  expect(lines(read(text))).toEqual(['1-2 p0 read -> 3']);
});

test('a file larger than the window it is read through loses nothing', () => {
  const events = Array.from({ length: 60_000 }, (_, n) => [
    `:process ${n % 7}, :type :invoke, :f :write, :value "${'x'.repeat(n % 50)}${n}"`,
    `:process ${n % 7}, :type :ok, :f :write, :value "${'x'.repeat(n % 50)}${n}"`,
  ]).flat();
  const history = read(ednLines(...events));
  expect(history.length).toBe(60_000);
  expect(lines(history).at(-1)).toBe(`119999-120000 p${59_999 % 7} write "${'x'.repeat(49)}59999"`);
});

const wrong: { what: string; text: string; options?: Options; says: RegExp; exit: number }[] = [
  {
    what: 'a second invocation',
    text: `${ednLines(':process 0 :type :invoke :f :read', ':process 0 :type :invoke :f :read')}`,
    says: /line 2: process 0 invokes before/,
    exit: 3,
  },
  {
    what: 'a completion of nothing',
    text: '{:process 0 :type :ok :f :read}',
    says: /line 1: process 0 completes a call it did not invoke/,
    exit: 3,
  },
  {
    what: 'a completion of something else',
    text: ednLines(':process 0 :type :invoke :f :read', ':process 0 :type :ok :f :write'),
    says: /line 2: .*another operation/,
    exit: 3,
  },
  { what: 'an end in the middle', text: '{:process 0 :type :invoke', says: /line 1: /, exit: 3 },
  {
    what: 'an operation the model does not have',
    text: '{:process 0 :type :invoke :f :txn}',
    says: /cas has no operation "txn".*--model/,
    exit: 2,
  },
  {
    what: 'keyed values without --independent',
    text: '{:process 0 :type :invoke :f :write :value [1 2]}',
    says: /write of a collection.*--independent/,
    exit: 2,
  },
  {
    what: 'keyed swaps without --independent',
    text: '{:process 0 :type :invoke :f :cas :value [1 [2 3]]}',
    says: /cas of a collection/,
    exit: 2,
  },
  {
    what: '--independent without keys',
    text: '{:process 0 :type :invoke :f :write :value 2}',
    options: { independent: true },
    says: /not \[key value\]/,
    exit: 2,
  },
  {
    what: 'an initial value of a queue',
    text: '{:process 0 :type :invoke :f :dequeue}',
    options: { model: 'queue', initial: '1' },
    says: /--initial: the model queue/,
    exit: 2,
  },
  {
    what: 'an initial value that is none',
    text: '',
    options: { initial: '[1' },
    says: /--initial \[1: /,
    exit: 2,
  },
  { what: 'no history at all', text: 'hello\nworld', says: /no history of a known format/, exit: 3 },
];

test.each(wrong)('$what is refused with its place', ({ text, options, says, exit }) => {
  expect(() => read(text, options)).toThrow(
    expect.objectContaining({ message: expect.stringMatching(says), exit }),
  );
});

test('operations in a Jepsen log are found among other lines', () => {
  const history = read(
    [
      'INFO  jepsen.core - Starting 2 workers',
      'INFO  jepsen.util - 0\t:invoke\t:write\t4',
      'INFO [2026-01-01 10:00:00,000] jepsen worker 1 - jepsen.util 1\t:invoke\t:cas\t[4 2]',
      'INFO  jepsen.util - :nemesis\t:info\t:start\t"Cut off {\\"n1\\" #{}}"',
      'INFO  jepsen.util - 0\t:ok\t:write\t4',
      'INFO  jepsen.util - 1\t:fail\t:cas\t[4 2]',
      'INFO  jepsen.util - 0\t:invoke\t:read\tnil',
      'INFO  jepsen.util - 0\t:fail\t:read\t:timed-out',
    ].join('\n'),
  );
  expect(lines(history)).toEqual(['2-5 p0 write 4', '3-6 p1 cas [4 2] failed']);
});
