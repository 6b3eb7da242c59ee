import { opKinds, outcomes } from '../history/op.ts';
import { defaultLimitBytes, setDataBytes } from '../workload/packet-size.ts';
import { type Broken, recipeRule } from './recipe.ts';
import type { Evidence } from './rule.ts';
import { byteLength } from './tree/texts.ts';
import { count, listed } from './words.ts';

const setData = opKinds.indexOf('setData');
const [ok, fail] = (['ok', 'fail'] as const).map((each) => outcomes.indexOf(each));
/** The connection ended. */
const connectionLoss = -4;

/**
 * A server accepts packets of up to jute.maxbuffer bytes and closes the connection that sends a longer one; nobody else
 * is disturbed, which the other rules see. A lost answer may have other reasons, so it is no breach.
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
  cannotSee: ['limits set otherwise than by a JVM flag of the topology', 'requests other than setData'],
  byDesign: ['a packet within the limit without an answer: faults and slow servers lose answers, too'],
  look(evidence) {
    const { history } = evidence;
    const limit = limitOf(evidence);
    const broken: Broken[] = [];
    /** Of those near the limit: how many were within it and accepted, beyond it, and beyond it at the end of their connection. */
    const seen = { accepted: 0, longest: 0, beyond: 0, cutOff: 0 };
    for (let row = 0; row < history.length; row++) {
      if (history.kind[row] !== setData) continue;
      const outcome = history.outcome[row];
      const bytes = setDataBytes(
        history.paths[history.path[row]!]!.length,
        byteLength(history.value(row)) ?? 0,
      );
      if (bytes * 2 < limit) continue;
      const beyond = bytes > limit;
      if (beyond) seen.beyond++;
      if (beyond && history.error[row] === connectionLoss) seen.cutOff++;
      if (!beyond && outcome === ok) {
        seen.accepted++;
        seen.longest = Math.max(seen.longest, bytes);
      }
      const wrong = beyond ? outcome === ok && 'accepted' : outcome === fail && 'refused';
      if (!wrong) continue;
      const title = `a packet of ${bytes} bytes was ${wrong}, the limit is ${limit}`;
      broken.push({ title, why: `It is ${beyond ? '' : 'not '}too long.`, rows: [row] });
    }
    const missing = [
      ...(seen.accepted === 0 ? ['within the limit was accepted'] : []),
      ...(seen.cutOff === 0 ? ['beyond the limit ended its connection'] : []),
    ];
    return {
      relevant: seen.accepted + seen.beyond,
      seen: `limit ${limit} bytes: ${count(seen.accepted, 'packet')} near it accepted, the longest of ${seen.longest}; ${seen.beyond} beyond it, ${seen.cutOff} of them the end of their connection`,
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
