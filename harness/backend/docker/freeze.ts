import type Docker from 'dockerode';
import { messageOf } from '../../base/trouble.ts';
import { waitFor } from '../../base/wait.ts';
import { ask } from './engine.ts';

/** Longest time for a freeze to come about; the first try mostly succeeds. */
const freezeMs = 10_000;

/**
 * On a busy machine with control groups of version 1 a freeze may not come about in runc's time ("unable to freeze"); runc
 * then thaws what it froze, and trying again helps (opencontainers/runc, fs/freezer.go).
 */
export async function freeze(container: Docker.Container, doing: string): Promise<void> {
  const what = `the engine to succeed in ${doing}`;
  const { failure } = await waitFor({ what, deadlineMs: freezeMs, everyMs: 50 }, async () => {
    try {
      await ask(doing, container.pause());
      return { failure: undefined };
    } catch (error) {
      return /unable to freeze/.test(messageOf(error)) ? undefined : { failure: error };
    }
  });
  if (failure !== undefined) throw failure;
}
