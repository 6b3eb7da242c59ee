import picocolors from 'picocolors';

const { env, stdout } = process;
const wanted = Boolean(env.FORCE_COLOR) || (stdout.isTTY === true && env.TERM !== 'dumb');

/** Colours on a terminal. The library's own choice also colours every pipe where `CI` is set, and what reads the pipe there meets escape codes. */
export const colours = picocolors.createColors(wanted && !env.NO_COLOR);
