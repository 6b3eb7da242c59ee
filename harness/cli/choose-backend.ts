import type { BackendName } from '../backend/backend.ts';
import { Trouble } from '../base/trouble.ts';

/** Which backend `--backend` means here, and why. */
export async function chooseBackend(
  asked: 'auto' | 'docker' | 'sandbox',
): Promise<{ backend: BackendName; why: string }> {
  if (asked === 'docker') {
    throw new Trouble(
      '--backend docker',
      'this release runs servers in the sandbox only',
      'use --backend sandbox',
    );
  }
  return { backend: 'sandbox', why: asked === 'sandbox' ? 'as asked' : 'needs no engine and no root' };
}
