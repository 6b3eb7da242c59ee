/** jute.maxbuffer unless a server is told otherwise (BinaryInputArchive.maxBuffer). */
export const defaultLimitBytes = 0xf_ffff;

/**
 * What a server counts against jute.maxbuffer (NIOServerCnxn.readLength): xid, type, path, data and version of a setData,
 * each text behind its length; `pathBytes` and `dataBytes` are those of the texts.
 */
export const setDataBytes = (pathBytes: number, dataBytes: number) =>
  4 + 4 + (4 + pathBytes) + (4 + dataBytes) + 4;
