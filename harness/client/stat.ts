import type { Stat, Zxid } from '../history/op.ts';
import { exactLong, hexAt, type Reader } from './jute.ts';

/** Six longs and five ints (zookeeper.jute, `org.apache.zookeeper.data.Stat`). */
const statBytes = 68;

/** Reads a Stat: the most frequent record by far, so its bounds are checked once for all its fields. */
export function readStat(reader: Reader): Stat {
  const at = reader.skip(statBytes, 'a Stat');
  const { view } = reader;
  return {
    czxid: exactLong(view, at) as Zxid,
    mzxid: exactLong(view, at + 8) as Zxid,
    ctimeMs: exactLong(view, at + 16),
    mtimeMs: exactLong(view, at + 24),
    version: view.getInt32(at + 32),
    cversion: view.getInt32(at + 36),
    aversion: view.getInt32(at + 40),
    ephemeralOwner: hexAt(view, at + 44),
    dataLength: view.getInt32(at + 52),
    numChildren: view.getInt32(at + 56),
    pzxid: exactLong(view, at + 60) as Zxid,
  };
}
