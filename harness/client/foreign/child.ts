import { importDefault } from '../../base/import-default.ts';
import { isSource } from '../../base/module-beside.ts';
import { messageOf } from '../../base/trouble.ts';
import type { Adapter, ForeignClient, Library } from './adapter.ts';
import type { FromChild, ToChild } from './messages.ts';

/**
 * The process of one session of a client library. One session a process: a library that crashes, blocks, or closes
 * sockets that are not its own (node-zookeeper issue 262 and the like) then hurts nobody else.
 */
let library: Library | undefined;
let client: ForeignClient | undefined;

function say(message: FromChild): void {
  process.send!(message);
}

const acts: { [K in ToChild['to']]: (order: Extract<ToChild, { to: K }>) => void | Promise<void> } = {
  async load({ adapter }) {
    try {
      const load = isSource(new URL(adapter))
        ? await importDefault(adapter)
        : (await import(adapter)).default;
      library = (load as Adapter)();
    } catch (error) {
      return say({ from: 'missing', reason: messageOf(error) });
    }
    const { name, version, lacks } = library;
    say({ from: 'loaded', name, version, lacks });
  },
  open({ setup }) {
    client = library!.open(setup, {
      state: (state) => say({ from: 'state', state }),
      event: (type, path) => say({ from: 'event', type, path }),
    });
  },
  call({ call, request }) {
    const { refused, instead } = client!.call(request, (told) => say({ from: 'answer', call, told }));
    if (instead) say({ from: 'instead', call, ...instead });
    if (refused !== undefined) say({ from: 'refused', call, error: refused });
  },
  close() {
    client!.close();
  },
};

process.on('message', (order: ToChild) => {
  const act = acts[order.to] as (order: ToChild) => void | Promise<void>;
  void act(order);
});
// Whoever started it has gone.
process.on('disconnect', () => process.exit(0));
