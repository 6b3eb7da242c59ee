import type { Breach } from './node-life.ts';
import type { AclSeen, Told } from './told.ts';

/**
 * The access list of one incarnation at one aversion is one list, whoever wrote or read it. The server takes out doubles
 * and keeps the order (PrepRequestProcessor.fixupACL), so lists without doubles come back as they were sent.
 */
export function contradictoryAcls({ acls, paths }: Told): Breach[] {
  const first = new Map<string, AclSeen>();
  const breaches: Breach[] = [];
  for (const seen of acls) {
    const key = `${seen.node} ${seen.czxid} ${seen.aversion}`;
    const other = first.get(key);
    if (!other) first.set(key, seen);
    else if (other.acls !== seen.acls) {
      const what = `has two access lists at aversion ${seen.aversion}: ${other.acls} and ${seen.acls}`;
      breaches.push({ path: paths.names[seen.node]!, what, rows: [other.row, seen.row], zxid: seen.zxid });
    }
  }
  return breaches;
}
