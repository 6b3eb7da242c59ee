import { readFileSync } from 'node:fs';
import { waitFor } from '../../harness/base/wait.ts';
import { guide } from './guide.ts';
import { openLab, type Software } from './lab.ts';
import { scenes } from './scenes/index.ts';
import { spoilt } from './spoilt.ts';

/**
 * Run inside a sandbox by the live tests: plays one scene, or starts a server with each spoilt zoo.cfg. Prints one JSON
 * value: what was seen.
 */
const [what, softwareFile] = process.argv.slice(2) as [string, string];
const software = JSON.parse(readFileSync(softwareFile, 'utf8')) as Software;
const seen = what === 'spoilt' ? await startSpoilt() : await play(scenes.find(({ is }) => is === what)!);
process.stdout.write(JSON.stringify(seen), () => process.exit(0));

async function play({ servers, run }: (typeof scenes)[number]): Promise<unknown> {
  const lab = await openLab(servers, software);
  try {
    return await run(lab);
  } finally {
    await lab.close();
  }
}

/** Two at a time, each on a machine of its own, where the others' addresses refuse at once. */
async function startSpoilt(): Promise<unknown> {
  const lab = await openLab(2, software, (sid) => `127.0.1.${sid}`);
  const seen: { code: number | null; said: boolean; log: string }[] = [];
  const waiting = spoilt.map((row, index) => ({ row, index }));
  async function work(machine: number): Promise<void> {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const { edit = (text) => text, myid = '1\n', release = '3.9.5', server } = next.row;
      const before = (await lab.log(machine)).length;
      await lab.wipe(machine);
      await lab.start(machine, { cfg: edit(guide), myid, release });
      const log = async () => (await lab.log(machine)).slice(before);
      const says = async () => (server.says.test(await log()) ? true : undefined);
      let code: number | null = null;
      if (server.exit === undefined) {
        await waitFor({ what: `${next.row.check} in the log`, deadlineMs: 60_000 }, says);
        await lab.kill(machine);
      } else code = (await lab.ended(machine)).code;
      seen[next.index] = { code, said: (await says()) === true, log: (await log()).slice(-3000) };
    }
  }
  await Promise.all([work(1), work(2)]);
  await lab.close();
  return seen;
}
