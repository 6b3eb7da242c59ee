/** Module hook: tests that import vitest get the stand-in beside this file, which alone gets the real one. */
const standIn = new URL('./vitest.ts', import.meta.url).href;

/** @type {import('node:module').ResolveHook} */
export const resolve = (specifier, context, next) =>
  specifier === 'vitest' && context.parentURL?.split('?')[0] !== standIn
    ? { url: standIn, format: 'module', shortCircuit: true }
    : next(specifier, context);
