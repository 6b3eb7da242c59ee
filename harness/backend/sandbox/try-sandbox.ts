import { execa } from 'execa';
import { Trouble } from '../../base/trouble.ts';
import { bash } from '../bash.ts';
import { nftSetup } from '../nft.ts';
import { sandboxed } from './enter.ts';
import { inNamespace, lastLine, networkScript } from './network.ts';

const allowNamespaces =
  'allow user namespaces (sysctl kernel.unprivileged_userns_clone=1, kernel.apparmor_restrict_unprivileged_userns=0, ' +
  'user.max_user_namespaces>0), or run as root; inside a container add SYS_ADMIN and NET_ADMIN';

const nftInFirst = `${inNamespace(1, ['nft', '-f', '-']).join(' ')} <<'RULES'\n${nftSetup()}RULES`;

/** Builds a small network the way a run does, and lets it go: the only honest answer to "can this machine do it?". */
export async function trySandbox(): Promise<string> {
  await inSandbox(networkScript([1, 2]), allowNamespaces);
  return 'namespaces, bridge and links work';
}

/** Single ports need packet filter rules inside. */
export async function tryPortCuts(): Promise<string> {
  await inSandbox(`${networkScript([1])}\n${nftInFirst}`, 'install the package nftables');
  return 'nft works inside';
}

async function inSandbox(script: string, remedy: string): Promise<void> {
  const [file, ...args] = sandboxed(bash(script));
  const result = await execa(file!, args, { reject: false, timeout: 60_000 });
  if (!result.failed) return;
  const why = lastLine(result.stderr) || (result.shortMessage ?? 'it failed');
  throw new Trouble('backend sandbox', why, remedy);
}
