import Module, { createRequire } from 'node:module';
import type Docker from 'dockerode';

/**
 * dockerode without what only builds with BuildKit (gRPC) and engines behind ssh need: nine tenths of its 190 ms, which
 * every scenario's process would spend before it makes anything. Either is loaded when it is first called.
 */
export function loadDockerode(): typeof Docker {
  const here = createRequire(import.meta.url);
  const dockerode = createRequire(here.resolve('dockerode'));
  const modem = createRequire(dockerode.resolve('docker-modem'));
  postpone(dockerode, './session');
  postpone(modem, './ssh');
  return here('dockerode') as typeof Docker;
}

type Call = (...args: unknown[]) => unknown;

/** Puts a stand-in for a module that is one function into the cache of CommonJS; calling it loads the module. */
function postpone(require: NodeJS.Require, id: string): void {
  const path = require.resolve(id);
  if (require.cache[path]) return;
  const standIn = new Module(path);
  standIn.filename = path;
  standIn.loaded = true;
  let real: Call | undefined;
  standIn.exports = (...args: unknown[]) => {
    if (!real) {
      delete require.cache[path];
      real = require(path) as Call;
    }
    return real(...args);
  };
  require.cache[path] = standIn;
}
