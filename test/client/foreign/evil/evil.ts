import type {
  ForeignClient,
  ForeignRequest,
  Library,
  Told,
} from '../../../../harness/client/foreign/adapter.ts';
import nodeZookeeperClient from '../../../../harness/client/foreign/node-zookeeper-client.ts';

/** What it does wrong, once: with the call of this number. */
export type Deed = 'drop' | 'swap' | 'twice' | 'false end' | 'crash';
const atCall = 12;

/** A library that works and does one thing wrong: the planted evil that the rules about clients must find. */
export function evil(deed: Deed): () => Library {
  return () => {
    const library = nodeZookeeperClient();
    return {
      ...library,
      name: `evil (${deed})`,
      open(setup, listener) {
        const client = library.open(setup, listener);
        if (deed === 'false end')
          return ending(client, () => listener.state({ kind: 'ended', how: 'expired' }));
        return answering(client, deed);
      },
    };
  };
}

function ending(client: ForeignClient, end: () => void): ForeignClient {
  let calls = 0;
  return {
    ...client,
    call(request, tell) {
      if (++calls === atCall) end();
      return client.call(request, tell);
    },
  };
}

function answering(client: ForeignClient, deed: Exclude<Deed, 'false end'>): ForeignClient {
  let calls = 0;
  let held: (() => void) | undefined;
  const deeds: Record<typeof deed, (tell: () => void) => void> = {
    drop: () => undefined,
    swap: (tell) => {
      held = tell;
    },
    twice: (tell) => {
      tell();
      tell();
    },
    crash: () => {
      throw new Error('planted');
    },
  };
  return {
    ...client,
    call(request: ForeignRequest, tell: (told: Told) => void) {
      const isIt = ++calls === atCall;
      return client.call(request, (told) => {
        if (isIt) return deeds[deed](() => tell(told));
        tell(told);
        held?.();
        held = undefined;
      });
    },
  };
}
