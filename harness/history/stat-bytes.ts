import type { Stat, Zxid } from './op.ts';

/** Size of a Stat on the wire: six longs and five ints, big-endian (zookeeper.jute, `org.apache.zookeeper.data.Stat`). */
export const statBytes = 68;

export function writeStat(view: DataView, at: number, stat: Stat): void {
  putLong(view, at, stat.czxid);
  putLong(view, at + 8, stat.mzxid);
  putLong(view, at + 16, stat.ctimeMs);
  putLong(view, at + 24, stat.mtimeMs);
  view.setInt32(at + 32, stat.version);
  view.setInt32(at + 36, stat.cversion);
  view.setInt32(at + 40, stat.aversion);
  view.setBigUint64(at + 44, BigInt(`0x${stat.ephemeralOwner}`));
  view.setInt32(at + 52, stat.dataLength);
  view.setInt32(at + 56, stat.numChildren);
  putLong(view, at + 60, stat.pzxid);
}

export function readStat(view: DataView, at: number): Stat {
  const owner = view.getBigUint64(at + 44);
  return {
    czxid: long(view, at) as Zxid,
    mzxid: long(view, at + 8) as Zxid,
    ctimeMs: long(view, at + 16),
    mtimeMs: long(view, at + 24),
    version: view.getInt32(at + 32),
    cversion: view.getInt32(at + 36),
    aversion: view.getInt32(at + 40),
    ephemeralOwner: owner === 0n ? '0' : owner.toString(16).padStart(16, '0'),
    dataLength: view.getInt32(at + 52),
    numChildren: view.getInt32(at + 56),
    pzxid: long(view, at + 60) as Zxid,
  };
}

/** Longs as two ints: exact for every integer a double holds, and four times as fast as BigInt. */
function putLong(view: DataView, at: number, value: number): void {
  const high = Math.floor(value / 2 ** 32);
  view.setInt32(at, high);
  view.setUint32(at + 4, value - high * 2 ** 32);
}

function long(view: DataView, at: number): number {
  return view.getInt32(at) * 2 ** 32 + view.getUint32(at + 4);
}
