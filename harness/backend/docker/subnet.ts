import { randomInt } from 'node:crypto';
import { brokerId, isBroker } from '../../topology/brokers.ts';

/**
 * 198.18.0.0/15 is set aside for tests of network devices (RFC 2544, RFC 6890): no router carries it and offices and
 * VPNs do not use it, unlike 10/8 or 172.16/12, where an engine takes its own pools from.
 */
const first = (198 << 24) | (18 << 16);
/** A /26 each: one gateway, up to 18 servers, and brokers behind them. */
const addresses = 64;
export const subnetCount = (1 << 17) / addresses;

export interface Subnet {
  cidr: string;
  gateway: string;
  addressOf(node: number): string;
}

/** The last number of a node's address, counted from the gateway's network: servers from 11 on, brokers from 41 on. */
const hostOf = (node: number) => (isBroker(node) ? 40 + brokerId(node) : 10 + node);

export function subnetAt(index: number): Subnet {
  if (!Number.isInteger(index) || index < 0 || index >= subnetCount) throw new Error(`no subnet ${index}`);
  const base = first + index * addresses;
  const dotted = (value: number) => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.');
  return {
    cidr: `${dotted(base)}/26`,
    gateway: dotted(base + 1),
    addressOf(node) {
      const host = hostOf(node);
      if (node < 1 || (!isBroker(node) && node > 18) || host > addresses - 2)
        throw new Error(`no address for node ${node}`);
      return dotted(base + host);
    },
  };
}

/** Where to look first: two runs that begin at the same moment rarely meet, and the engine refuses when they do. */
export const anySubnet = () => randomInt(subnetCount);
