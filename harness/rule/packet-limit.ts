import { opKinds, outcomes } from '../history/op.ts';
import { defaultLimitBytes, setDataBytes } from '../workload/packet-size.ts';
import { type Broken, recipeRule } from './recipe.ts';
import type { Evidence } from './rule.ts';
import { byteLength } from './tree/texts.ts';
import { count, listed } from './words.ts';

const setData = opKinds.indexOf('setData');
const [ok, fail, unknown] = (['ok', 'fail', 'unknown'] as const).map((each) => outcomes.indexOf(each));
/** No answer before its deadline (the connection stayed open). */
const timedOut = -7;

/**
 * A server accepts packets of up to jute.maxbuffer bytes and closes the connection that sends a longer one; nobody else
 * is disturbed, which the other rules see. Without a fault a lost answer has no other excuse.
 */
export const packetLimit = recipeRule({
  name: 'packet-limit',
  about:
    'packets of up to jute.maxbuffer bytes are accepted, longer ones end the connection and change nothing',
  guarantee: {
    quote:
      '"jute.maxbuffer: [...] It specifies the maximum size of the data that can be stored in a znode." What is compared is the whole packet (NIOServerCnxn.readLength).',
    source: 'Administrator\'s guide (zookeeperAdmin.md), "Unsafe Options"',
  },
  look(evidence) {
    const { history, plan } = evidence;
    const limit = limitOf(evidence);
    const quiet = plan.steps.every(({ faults }) => faults.length === 0);
    const broken: Broken[] = [];
    /** Of those near the limit: how many were within and accepted, and beyond it. */
    const seen = { accepted: 0, beyond: 0, longest: 0 };
    for (let row = 0; row < history.length; row++) {
      if (history.kind[row] !== setData) continue;
      const outcome = history.outcome[row];
      const bytes = setDataBytes(
        history.paths[history.path[row]!]!.length,
        byteLength(history.value(row)) ?? 0,
      );
      if (bytes * 2 < limit) continue;
      const size = `a packet of ${bytes} bytes`;
      const beyond = bytes > limit;
      if (beyond) seen.beyond++;
      else if (outcome === ok) {
        seen.accepted++;
        seen.longest = Math.max(seen.longest, bytes);
      }
      const is = (what: string) => `${size} was ${what}, the limit is ${limit}`;
      if (beyond && outcome === ok)
        broken.push({ title: is('accepted'), why: 'It is too long.', rows: [row] });
      if (!beyond && outcome === fail)
        broken.push({ title: is('refused'), why: 'It is not too long.', rows: [row] });
      if (!quiet || outcome !== unknown) continue;
      if (!beyond) {
        broken.push({
          title: is('not answered'),
          why: 'It is not too long, and nothing was broken.',
          rows: [row],
        });
      } else if (history.error[row] === timedOut) {
        broken.push({ title: is('left without an answer'), why: 'The connection stayed open.', rows: [row] });
      }
    }
    const missing = [
      ...(seen.accepted === 0 ? ['within the limit was accepted'] : []),
      ...(seen.beyond === 0 ? ['beyond the limit was sent'] : []),
    ];
    return {
      relevant: seen.accepted + seen.beyond,
      seen: `limit ${limit} bytes: ${count(seen.accepted, 'packet')} near it accepted, the longest of ${seen.longest}; ${seen.beyond} beyond it`,
      broken,
      inconclusive: missing.length > 0 ? `no packet ${listed(missing)}` : undefined,
    };
  },
});

/** The least of all servers. */
function limitOf({ topology }: Evidence): number {
  const limits = topology.nodes.map(({ jvmFlags }) => {
    const set = jvmFlags.findLast((flag) => flag.startsWith('-Djute.maxbuffer='));
    return set === undefined ? defaultLimitBytes : Number(set.split('=')[1]);
  });
  return Math.min(...limits);
}
