import { expect, test } from 'vitest';
import { type Capabilities, ownServers } from '../../harness/backend/backend.ts';
import type { Anchor, FaultCall, Plan } from '../../harness/plan/plan.ts';
import { lacking, tooOld } from '../../harness/run/requirements.ts';
import { resolveTopology } from '../../harness/topology/resolve.ts';

const own: Capabilities = {
  ...ownServers,
  'no-myid': 'yes',
  'shared-address': 'yes',
  brokers: 'yes',
  'cut-links': 'yes',
  'cut-ports': 'yes',
};
const no = (what: string) => ({ no: `no ${what}`, remedy: `get ${what}` });
const attached: Capabilities = {
  'full-disk': no('disks'),
  signals: no('signals'),
  'cut-links': no('cuts'),
  'cut-ports': no('cuts'),
  wipe: no('disks'),
  disks: no('disks'),
  'no-myid': no('disks'),
  'shared-address': no('servers'),
  brokers: no('brokers'),
  logs: no('logs'),
  roles: 'yes',
  commands: 'yes',
};

const whole = resolveTopology({}, '3.9.5');

const plan = (call: Partial<FaultCall>, when: Anchor = { afterMs: 0, jitterMs: 0 }): Plan => ({
  seed: 1,
  steps: [
    {
      index: 0,
      when,
      forMs: 1,
      gate: true,
      draw: 1,
      faults: [{ fault: 'kill', target: 'leader', params: {}, ...call }],
    },
  ],
});
const command: Partial<FaultCall> = { fault: 'command', params: { inject: 'a', heal: 'b' } };

test('faults of our own servers need our own servers, and commands need those of somebody else', () => {
  expect(lacking(plan({}), whole, own)).toBeUndefined();
  expect(lacking(plan({}), whole, attached)).toEqual({
    reason: 'fault "kill": no signals',
    remedy: 'get signals',
  });
  expect(lacking(plan(command), whole, attached)).toBeUndefined();
  expect(lacking(plan(command), whole, own)?.reason).toMatch(
    /fault "command": commands are for servers that somebody else/,
  );
});

test('a setData without a path, which is outside of what a run owns, needs servers of its own', () => {
  const outside = plan(command);
  const terms = { sessionTimeoutMs: 1000, deadlineMs: 1000, readOnly: false, wait: true };
  outside.steps[0]!.client = { ...terms, name: 'a', on: 1, do: [{ setData: '', data: 'x' }] };
  expect(lacking(outside, whole, attached)?.reason).toBe('a setData without a path: no disks');
  outside.steps[0]!.client.do = [{ setData: '/x', data: 'x' }];
  expect(lacking(outside, whole, attached)).toBeUndefined();
});

test('a step that waits for a log line needs logs', () => {
  const logged: Anchor = { log: 'LEADING' };
  expect(lacking(plan({}, logged), whole, own)).toBeUndefined();
  expect(lacking(plan(command, logged), whole, attached)?.reason).toBe(
    'a step that waits for a log line: no logs',
  );
});

test('a target by role needs servers that tell theirs; one by id does not', () => {
  const mute = { ...attached, roles: no('roles') };
  expect(lacking(plan(command), whole, mute)?.reason).toBe('target "leader": no roles');
  for (const target of [[1, 2], 'all', 'any'] as FaultCall['target'][]) {
    expect(lacking(plan({ ...command, target }), whole, mute)).toBeUndefined();
  }
});

test('a workload that needs a later release names the server that is too old', () => {
  const mixed = { version: '3.9.5', nodes: { 2: { version: '3.4.14' } } };
  expect(tooOld({ use: 'mortals' }, whole)).toBeUndefined();
  expect(tooOld({ use: 'mixed' }, resolveTopology(mixed, '3.9.5'))).toBeUndefined();
  expect(tooOld({ use: 'mortals' }, resolveTopology({}, '3.5.3-beta'))).toBeUndefined();
  expect(tooOld({ use: 'mortals' }, resolveTopology(mixed, '3.9.5'))).toEqual({
    reason:
      'workload "mortals": zk2 is 3.4.14, and releases before 3.5.3 have no TTL nodes, and before 3.5.1 no containers',
    remedy: 'use 3.5.3 or later',
  });
  const mute = { nodes: whole.nodes.map((node) => ({ ...node, version: 'unknown' })) };
  expect(tooOld({ use: 'mortals' }, mute)?.reason).toMatch(/zk1 is of an unknown release/);
});
