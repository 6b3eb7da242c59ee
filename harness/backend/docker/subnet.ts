import { randomInt } from 'node:crypto';

/**
 * 198.18.0.0/15 is set aside for tests of network devices (RFC 2544, RFC 6890): no router carries it and offices and
 * VPNs do not use it, unlike 10/8 or 172.16/12, where an engine takes its own pools from.
 */
const first = (198 << 24) | (18 << 16);
/** A /26 each: one gateway and up to 18 servers. */
const addresses = 64;
export const subnetCount = (1 << 17) / addresses;

export interface Subnet {
  cidr: string;
  gateway: string;
  addressOf(sid: number): string;
}

export function subnetAt(index: number): Subnet {
  if (!Number.isInteger(index) || index < 0 || index >= subnetCount) throw new Error(`no subnet ${index}`);
  const base = first + index * addresses;
  const dotted = (value: number) => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.');
  return {
    cidr: `${dotted(base)}/26`,
    gateway: dotted(base + 1),
    addressOf(sid) {
      if (sid < 1 || sid > addresses - 12) throw new Error(`no address for server ${sid}`);
      return dotted(base + 10 + sid);
    },
  };
}

/** Where to look first: two runs that begin at the same moment rarely meet, and the engine refuses when they do. */
export const anySubnet = () => randomInt(subnetCount);
