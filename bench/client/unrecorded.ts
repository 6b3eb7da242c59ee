import { openAcl } from '../../harness/client/acl.ts';
import { createModes } from '../../harness/client/requests.ts';
import { Session } from '../../harness/client/session.ts';
import { benchPath, benchValue, serveRounds } from './rounds.ts';

/** The wire client alone: every reply decoded, a promise an operation, no history. */
await serveRounds<Session>({
  async open({ host, port }) {
    const session = new Session({ timeoutMs: 10_000 });
    const connected = await session.open({ host, port, sid: 1 });
    if (connected.outcome !== 'ok') throw new Error(`no session: ${JSON.stringify(connected)}`);
    return session;
  },
  prepare: (session) =>
    session.request({
      kind: 'create',
      path: benchPath,
      data: benchValue,
      acls: openAcl,
      mode: createModes.persistent,
      ttlMs: 0,
      stat: false,
    }),
  get: (session) => session.request({ kind: 'getData', path: benchPath, watch: false }),
  set: (session) => session.request({ kind: 'setData', path: benchPath, data: benchValue, version: -1 }),
  close: (session) => session.close(),
});
