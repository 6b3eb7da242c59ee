import { Trouble } from '../../base/trouble.ts';
import { nftSetup } from '../nft.ts';
import { holderName } from './build-base.ts';
import { findEngine } from './discover.ts';
import { ask } from './engine.ts';
import { siteLabels } from './labels.ts';
import { lookAtImage } from './present-image.ts';
import { runToEnd } from './run-to-end.ts';
import { Watchdog } from './watchdog.ts';

const tryMs = 20_000;

/** What the engine can do for us, found out by running a holder and filtering packets in it. Throws `Trouble`. */
export async function diagnoseEngine(): Promise<string> {
  const engine = await findEngine();
  const says = `engine ${engine.version}`;
  if (!(await lookAtImage(engine, holderName)))
    return `${says} answers; ${holderName} is made when it is first needed, or by \`gauntlet images build\``;
  const labels = await siteLabels('doctor', 'doctor');
  const watchdog = Watchdog.start(engine.address, labels.site);
  try {
    const container = await ask(
      'creating a container',
      engine.client.container.dockerode.createContainer({
        Image: holderName,
        Entrypoint: ['bash', '-c', 'nft -f - <<< "$RULES"'],
        Cmd: [],
        Env: [`RULES=${nftSetup()}`],
        Labels: labels.of('check'),
        HostConfig: { NetworkMode: 'none', CapAdd: ['NET_ADMIN'] },
      }),
    );
    const { code, output } = await runToEnd(container, 'filtering packets in a container', tryMs);
    if (code === 0) return `${says}, nft works in containers`;
    const remedy = 'load the kernel module nf_tables on the machine of the engine';
    throw new Trouble(says, `nft does not work in containers: ${output.trim().split('\n').at(-1)}`, remedy);
  } finally {
    await watchdog.end();
  }
}
