import type { Stat } from '../history/op.ts';
import type { Reader } from './jute.ts';

/** Reads a Stat (68 bytes, zookeeper.jute `org.apache.zookeeper.data.Stat`). */
export function readStat(reader: Reader): Stat {
  return {
    czxid: reader.zxid(),
    mzxid: reader.zxid(),
    ctimeMs: reader.long(),
    mtimeMs: reader.long(),
    version: reader.int(),
    cversion: reader.int(),
    aversion: reader.int(),
    ephemeralOwner: reader.hexLong(),
    dataLength: reader.int(),
    numChildren: reader.int(),
    pzxid: reader.zxid(),
  };
}
