import * as z from 'zod';

const sid = z.int().min(1);

/** A server that a step starts, and what is other than in the topology. */
export const startSchema = z.union([
  sid,
  z.strictObject({
    sid,
    version: z.string().optional().describe('another release, from now on'),
    settings: z.record(z.string(), z.string()).optional().describe('lines of zoo.cfg, from now on'),
    peers: z
      .array(z.int().min(1))
      .min(1)
      .optional()
      .describe('the servers that stand in its zoo.cfg, from now on; all of the topology when absent'),
    jvmFlags: z.array(z.string()).optional().describe('added to the command line of this start only'),
  }),
]);
export type Start = z.infer<typeof startSchema>;

/** A bare id starts a server as it is. */
export function startOf(start: Start) {
  const { sid, version, settings, peers, jvmFlags } =
    typeof start === 'number' ? ({ sid: start } as Exclude<Start, number>) : start;
  return {
    sid,
    ...(version && { version }),
    ...(settings && { settings }),
    ...(peers && { peers }),
    ...(jvmFlags && { jvmFlags }),
  };
}

/** "zk2 on 3.9.5 with -Dx=y". */
export function startInWords(start: Start): string {
  const { sid, version, settings = {}, peers = [], jvmFlags = [] } = startOf(start);
  const known = peers.length > 0 ? [`servers ${peers.join(', ')} in its zoo.cfg`] : [];
  const lines = Object.entries(settings).map(([key, value]) => `${key}=${value}`);
  const more = [...lines, ...jvmFlags, ...known];
  return `zk${sid}${version ? ` on ${version}` : ''}${more.length > 0 ? ` with ${more.join(' ')}` : ''}`;
}
