import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Executed } from '../../../harness/backend/docker/exec.ts';
import { HolderShell } from '../../../harness/backend/docker/holder-shell.ts';
import { docker, engineHere, type Ground, ground, skipWithout } from './engine-here.ts';

const run = 'test-holder-shell';

describe.skipIf(engineHere.missing)(
  `a shell that stays in a holder${skipWithout(engineHere.missing)}`,
  () => {
    let place: Ground;
    let shell: HolderShell;
    beforeAll(async () => {
      place = await ground({ voters: 1 }, run);
      // The holder runs when something can be asked of it.
      await place.site.probe([{ from: 1, to: 'clients', port: 7 }]);
      const filters = { label: [`org.zk-gauntlet.run=${run}`, 'org.zk-gauntlet.role=holder'] };
      const [holder] = await docker().listContainers({ filters });
      shell = new HolderShell(docker().getContainer(holder!.Id));
    });
    afterAll(() => place[Symbol.asyncDispose]());

    const says = async (script: string) => {
      const { code, stdout }: Executed = await shell.run(script, 'testing');
      return { code, said: stdout.trim() };
    };

    it('gives each script its own exit code and output, whatever that is', async () => {
      const answers = await Promise.all([
        says('echo one; echo two >&2; exit 3'),
        says(`cat <<'INPUT'\n"quoted" $HOME\nINPUT`),
        says('cat; echo nothing to read'),
        says('head -c 300000 /dev/zero | tr "\\0" x'),
      ]);
      expect(answers.slice(0, 3)).toEqual([
        { code: 3, said: 'one\ntwo' },
        { code: 0, said: '"quoted" $HOME' },
        { code: 0, said: 'nothing to read' },
      ]);
      expect(answers[3]!.said).toHaveLength(300_000);
    });

    it('that is killed does not end what is asked of it: the engine does it instead', async () => {
      const once = 'test -e /tmp/once && echo again && exit; touch /tmp/once';
      const killAbove = 'kill -9 $PPID $(cut -d " " -f 4 /proc/$PPID/stat)';
      expect(await says(`${once}; ${killAbove}`)).toEqual({ code: 0, said: 'again' });
      expect(await says('echo still here')).toEqual({ code: 0, said: 'still here' });
    });
  },
);
