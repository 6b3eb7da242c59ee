import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { Undo } from '../../harness/base/undo.ts';
import { commandFault } from '../../harness/fault/command.ts';
import { type FaultContext, FaultMissed, FaultStuck } from '../../harness/fault/fault.ts';
import { filledIn } from '../../harness/fault/shell.ts';

const folder = mkdtempSync(join(tmpdir(), 'gauntlet-command-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Servers that serve as long as no file `<name>.down` lies in a folder. */
function ground() {
  const dir = mkdtempSync(join(folder, 'x-'));
  const undo = new Undo();
  const ensemble = {
    machine: (sid: number) => ({ name: `zk${sid}`, endpoint: { sid, host: 'h', port: 2180 + sid } }),
    serves: async (sid: number) => !existsSync(join(dir, `zk${sid}.down`)),
  };
  const context = { ensemble, undo } as unknown as FaultContext;
  const down = (sid: number) => existsSync(join(dir, `zk${sid}.down`));
  return { dir, undo, context, down };
}

const inject = ({ context }: ReturnType<typeof ground>, params: object, victims = [1]) =>
  commandFault.inject(context, victims, commandFault.params.parse({ withinMs: 10_000, ...params }));

test('what stands in braces is filled in, and the shell keeps its own braces', () => {
  const server = { name: 'zk2', endpoint: { sid: 2, host: 'b.example', port: 2182 } };
  const variable = `$${'{name}'}`;
  const text = `ssh {host} 'kill {name} {sid} {port}' ${variable} {other} '{{.Names}}'`;
  const filled = `ssh b.example 'kill zk2 2 2182' ${variable} {other} '{{.Names}}'`;
  expect(filledIn(text, server)).toBe(filled);
});

test('a command whose victims stop serving has landed, and heals when they serve again', async () => {
  const here = ground();
  const { dir } = here;
  const commands = { name: 'kill', inject: `touch ${dir}/{name}.down`, heal: `rm ${dir}/{name}.down` };
  const landed = await inject(here, commands, [1, 3]);
  expect(landed.proof).toEqual([
    `kill: after "touch ${dir}/zk1.down" zk1 did not serve clients`,
    `kill: after "touch ${dir}/zk3.down" zk3 did not serve clients`,
  ]);
  expect([1, 2, 3].map(here.down)).toEqual([true, false, true]);
  expect(await landed.heal()).toEqual(['zk1 serves again', 'zk3 serves again']);
  expect([1, 3].map(here.down)).toEqual([false, false]);
  await here.undo.all();
});

test('a command without an effect has missed, and what it did is healed', async () => {
  const here = ground();
  const log = join(here.dir, 'log');
  const commands = { inject: `echo on >> ${log}`, heal: `echo off >> ${log}`, withinMs: 300 };
  await expect(inject(here, commands)).rejects.toThrow(/waited 300 ms for the fault of zk1 to show/);
  expect(readFileSync(log, 'utf8')).toBe('on\noff\n');
});

test('a command that fails has missed, with its last words, and is healed', async () => {
  const here = ground();
  const commands = { inject: 'echo no such container >&2; exit 4', heal: `touch ${here.dir}/healed` };
  const missed = inject(here, commands);
  await expect(missed).rejects.toThrow(FaultMissed);
  await expect(missed).rejects.toThrow(/ended with 4: no such container/);
  expect(existsSync(join(here.dir, 'healed'))).toBe(true);
});

test('a victim that did not serve before proves nothing', async () => {
  const here = ground();
  writeFileSync(join(here.dir, 'zk1.down'), '');
  const commands = { inject: `touch ${here.dir}/ran`, heal: 'true' };
  await expect(inject(here, commands)).rejects.toThrow(
    /before the command, zk1 did not serve clients already/,
  );
  expect(existsSync(join(here.dir, 'ran'))).toBe(false);
});

test('a sign of its own must be absent before, there during, and gone after', async () => {
  const here = ground();
  const delay = join(here.dir, 'delay');
  const commands = { inject: `touch ${delay}`, heal: `rm ${delay}`, bites: `test -e ${delay}` };
  const landed = await inject(here, commands);
  expect(landed.proof[0]).toContain(`"test -e ${delay}" succeeded`);
  await landed.heal();
  await expect(inject(here, { ...commands, bites: 'true' })).rejects.toThrow(
    /before the command, "true" succeeded/,
  );
});

test('a heal that fails, or does not help, leaves the fault stuck', async () => {
  const here = ground();
  const down = `touch ${here.dir}/{name}.down`;
  const failing = await inject(here, { inject: down, heal: 'exit 7' });
  await expect(failing.heal()).rejects.toThrow(FaultStuck);
  // Still on the list of what a run that ends has to say.
  await expect(here.undo.all()).rejects.toThrow(/"exit 7" ended with 7/);

  const there = ground();
  const flag = join(there.dir, 'flag');
  const idle = await inject(there, {
    inject: `touch ${flag}`,
    heal: 'true',
    bites: `test -e ${flag}`,
    withinMs: 900,
  });
  await expect(idle.heal()).rejects.toThrow(/waited 900 ms for the fault of zk1 to be gone/);
});

test('a run that is cut short heals, once, and not before the command that breaks has ended', async () => {
  const here = ground();
  const log = join(here.dir, 'log');
  const commands = {
    name: 'kill',
    inject: `sleep 0.4; echo on >> ${log}; touch ${here.dir}/zk1.down`,
    heal: `echo off >> ${log}; rm -f ${here.dir}/zk1.down`,
    withinMs: 1000,
  };
  const undone: string[] = [];
  here.undo.onUndone((what) => undone.push(what));
  const injecting = inject(here, commands);
  const outcome = injecting.then(
    ({ heal }) => heal(),
    (error: unknown) => error,
  );
  // The command has begun, or is about to: the deed is on the list before it begins.
  await new Promise((resolve) => setImmediate(resolve));
  await here.undo.all();
  expect(readFileSync(log, 'utf8')).toBe('on\noff\n');
  expect(undone).toEqual(['kill of zk1 is healed']);
  await outcome;
  expect(readFileSync(log, 'utf8')).toBe('on\noff\n');
});
