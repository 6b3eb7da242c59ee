import { expect, test } from 'vitest';
import {
  attached,
  ownScenario,
  parseAuth,
  parseCommands,
  parseFor,
  parseWorkload,
} from '../../harness/cli/attach-options.ts';
import { defineSuite } from '../../harness/scenario/define.ts';

const none = { fault: [], heal: [], bites: [] };
const kill = { name: 'kill', inject: 'docker kill {name}', heal: 'docker start {name}' };

test('credentials are scheme and rest, and are never in a message', () => {
  expect(parseAuth('digest:user:p:w')).toEqual({ scheme: 'digest', credentials: 'user:p:w' });
  expect(parseAuth('x509:cn')).toEqual({ scheme: 'x509', credentials: 'cn' });
  for (const wrong of ['secret', 'digest:secret', ':secret', 'digest:']) {
    expect(() => parseAuth(wrong)).toThrow(
      '--auth: no scheme with credentials; write it as digest:user:password',
    );
  }
});

test('times have a unit', () => {
  expect(['500ms', '30s', '5m', '1h', undefined].map(parseFor)).toEqual([
    500, 30_000, 300_000, 3_600_000, 30_000,
  ]);
  for (const wrong of ['30', '0s', '-1s', '1.5s', 'long'])
    expect(() => parseFor(wrong)).toThrow(`--for ${wrong}`);
});

test('a workload may have parameters, numbers as numbers', () => {
  expect(parseWorkload('mixed')).toEqual({ use: 'mixed' });
  expect(parseWorkload('mixed:clients=3,turnsPerSecond=20')).toEqual({
    use: 'mixed',
    clients: 3,
    turnsPerSecond: 20,
  });
  expect(() => parseWorkload('mixed:clients')).toThrow(/"clients" is no parameter/);
});

test('commands belong together by their name', () => {
  expect(
    parseCommands({
      fault: ['kill: docker kill {name}', 'slow:tc add'],
      heal: ['slow: tc del', 'kill: docker start {name}'],
      bites: ['slow: ping -w 1 {host}'],
    }),
  ).toEqual([kill, { name: 'slow', inject: 'tc add', heal: 'tc del', bites: 'ping -w 1 {host}' }]);
});

test.each([
  [{ ...none, fault: ['kill: x'] }, /--fault "kill": nothing says how it ends; give --heal 'kill: …' too/],
  [{ ...none, heal: ['kill: x'] }, /--heal "kill": there is no --fault of that name/],
  [{ fault: ['a: x'], heal: ['a: y'], bites: ['b: z'] }, /--bites "b": there is no --fault/],
  [{ ...none, fault: ['docker kill'] }, /--fault "docker kill": no name and command/],
  [{ fault: ['a: x', 'a: y'], heal: ['a: z'], bites: [] }, /--fault "a": given twice/],
])('%o is refused', (options, message) => {
  expect(() => parseCommands(options)).toThrow(message);
});

test('without faults clients work all the time; with faults, in equal parts before, during and after each', () => {
  expect(ownScenario('mixed', 30_000, [], 'leader')).toMatchObject({
    warmUpMs: 30_000,
    coolDownMs: 0,
    steps: [],
  });
  const { warmUpMs, coolDownMs, steps } = ownScenario('mixed', 30_000, [kill, { ...kill, name: 'b' }], '1,3');
  expect([warmUpMs, coolDownMs]).toEqual([6000, 6000]);
  expect(steps.map(({ when, forMs }) => [when, forMs])).toEqual([
    [{ afterMs: 0, jitterMs: 0 }, 6000],
    [{ afterMs: 6000, jitterMs: 0 }, 6000],
  ]);
  expect(steps[0]!.faults).toEqual([{ fault: 'command', target: [1, 3], params: kill }]);
});

test('a workload or target that does not exist is named', () => {
  expect(() => ownScenario('mixt', 1, [], 'leader')).toThrow(/"mixt".*no such workload; use one of mixed/);
  expect(() => ownScenario('mixed:client=3', 1, [], 'leader')).toThrow(/client/);
  expect(() => ownScenario('mixed', 1, [kill], 'leadr')).toThrow(/target/);
});

test('scenarios of files keep what cannot be done, take commands for what can, and lose no power', () => {
  const [scenario] = defineSuite({
    name: 's',
    scenarios: [
      {
        name: 'x',
        steps: [
          { faults: [{ fault: 'kill', target: 'leader' }] },
          { faults: [{ fault: 'isolate', target: 'leader', params: { ports: ['quorum'] } }] },
        ],
      },
    ],
  }).scenarios;
  const { steps, powerOff } = attached(scenario!, [kill, { ...kill, name: 'isolate' }]);
  expect(powerOff).toBe(false);
  expect(steps.map(({ faults }) => faults[0]!.fault)).toEqual(['command', 'isolate']);
  expect(steps[0]!.faults[0]).toEqual({ fault: 'command', target: 'leader', params: kill });
});
