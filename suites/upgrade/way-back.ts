import { compareVersions } from '../../harness/topology/version.ts';

/**
 * Whether the older release is to read what the newer one stored: of one line always; between neighbouring lines from
 * 3.6 on. 3.5 and 3.6 wrote what 3.4 and 3.5 cannot read (container and TTL nodes, ZOOKEEPER-2163, -2169; the list of
 * ephemerals in closeSession, ZOOKEEPER-3145). An upgrade that goes back in time has no way back to try.
 */
export function isWayBack(from: string, to: string): boolean {
  if (compareVersions(from, to) > 0) return false;
  const [old, now] = [lineOf(from), lineOf(to)];
  return old === now || (old >= 3006 && now - old === 1);
}

/** "3.9.5": 3009. */
function lineOf(version: string): number {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major * 1000 + minor;
}
