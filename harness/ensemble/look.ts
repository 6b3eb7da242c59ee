import { fourLetter, NoAnswer, parseSrvr } from '../client/four-letter.ts';
import { formatZxid } from '../history/op.ts';
import type { Endpoint } from '../topology/endpoint.ts';
import type { Role } from '../topology/roles.ts';

/** How long a server may take to answer `srvr` before it counts as silent; a healthy one takes a few ms. */
export const lookMs = 1000;

/** Asks a server what it is. Not answering is an answer too; anything unexpected is an error. */
export async function lookAt(endpoint: Endpoint): Promise<{ role: Role; zxid?: string }> {
  let text: string;
  try {
    text = await fourLetter(endpoint, 'srvr', lookMs);
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    const { code } = (error.cause ?? {}) as NodeJS.ErrnoException;
    return { role: code === 'ECONNREFUSED' ? 'down' : 'silent' };
  }
  const srvr = parseSrvr(text);
  switch (srvr.kind) {
    case 'serving':
      return { role: srvr.mode === 'read-only' ? 'electing' : srvr.mode, zxid: formatZxid(srvr.zxid) };
    case 'notServing':
      return { role: 'electing' };
    case 'unreadable':
      // A server that is just closing its port answers with nothing.
      if (srvr.text === '') return { role: 'silent' };
      throw new Error(`srvr of ${endpoint.host}:${endpoint.port} cannot be read: ${srvr.text.slice(0, 200)}`);
    case 'notWhitelisted':
      throw new Error(`server ${endpoint.sid} refuses srvr; add it to 4lw.commands.whitelist`);
  }
}
