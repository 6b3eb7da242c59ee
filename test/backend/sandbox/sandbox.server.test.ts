import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, describe, expect, test } from 'vitest';
import { sandboxed } from '../../../harness/backend/sandbox/enter.ts';
import { gauntlet, machineLacks } from '../../support/gauntlet.ts';

const inside = fileURLToPath(new URL('./inside.ts', import.meta.url));

/** A folder whose `nft` fails, in front of PATH: a machine without nft. */
const withoutNft = mkdtempSync(join(tmpdir(), 'gauntlet-test-'));
chmodSync(withoutNft, 0o755);
writeFileSync(join(withoutNft, 'nft'), '#!/bin/sh\nexit 127\n', { mode: 0o755 });
afterAll(() => rmSync(withoutNft, { recursive: true, force: true }));
const poorer = { ...process.env, PATH: `${withoutNft}:${process.env.PATH}` };

interface Report {
  capabilities: Record<string, 'yes' | { no: string; remedy: string }>;
  beforeDeadline: unknown;
  afterDeadline: unknown;
  frozen: string;
  thawed: string;
  exit: unknown;
  disk: unknown;
}

async function reportFrom(env: NodeJS.ProcessEnv): Promise<Report> {
  const [file, ...args] = sandboxed([process.execPath, '--import', import.meta.resolve('tsx'), inside]);
  const { stdout } = await execa(file!, args, { env, timeout: 40_000 });
  return JSON.parse(stdout) as Report;
}

const works = { forth: 'refused', back: 'refused' };
const dead = { forth: 'silent', back: 'silent' };

describe.skipIf(machineLacks).each([
  { how: 'with nft', env: process.env, ports: true },
  { how: 'with iproute2 alone', env: poorer, ports: false },
])(`a sandbox $how${machineLacks ? ` (unsupported: ${machineLacks})` : ''}`, ({ env, ports }) => {
  test('ends cuts and freezes by itself when the harness hangs', async () => {
    const report = await reportFrom(env);
    expect(report.beforeDeadline).toEqual(dead);
    expect(report.afterDeadline).toEqual(works);
    expect([report.frozen, report.thawed]).toEqual(['paused', 'running']);
    expect(report.exit).toEqual({ code: null, signal: 'SIGKILL' });
    expect(report.capabilities['cut-ports'] === 'yes').toBe(ports);
    expect(report.capabilities['full-disk']).toBe('yes');
    expect(report.disk).toEqual({ whileFull: { own: false, other: true }, freed: true });
  });
});

describe.skipIf(machineLacks)('on a machine without nft', () => {
  test('whole links are cut, and a scenario that cuts ports is unsupported, with the remedy', async () => {
    const out = mkdtempSync(join(tmpdir(), 'gauntlet-test-'));
    const file = join(out, 'ports.yaml');
    const step = (params: object) => [
      { faults: [{ fault: 'isolate', target: 'leader', params }], forMs: 2500 },
    ];
    const scenarios = [
      { name: 'whole links', steps: step({}), powerOff: false },
      { name: 'one port', steps: step({ ports: ['quorum'] }), powerOff: false },
    ];
    writeFileSync(file, JSON.stringify({ name: 'ports', scenarios }));
    const args = ['run', file, '--backend', 'sandbox', '--out', join(out, 'run')];
    const { code, output } = await gauntlet(args, { env: { PATH: poorer.PATH } });
    rmSync(out, { recursive: true, force: true });
    expect(code, output).toBe(0);
    expect(output).toMatch(/^pass +whole links/m);
    expect(output).toMatch(/^unsupported +one port/m);
    expect(output).toMatch(/install the package nftables/);
  });
});
