import { readAcls, writeAcls } from './acl.ts';
import { createOpcode, writeCreate, writePathAndVersion, writePathAndWatch, writeSetData } from './bodies.ts';
import type { Reader, Writer } from './jute.ts';
import { readMulti, writeMulti } from './multi.ts';
import {
  type Answers,
  addWatchModes,
  opcodes,
  type Request,
  type RequestOf,
  type WatchLists,
  watcherTypes,
} from './requests.ts';
import { readStat } from './stat.ts';

export interface Operation<R, A> {
  opcode(request: R): number;
  /** Writes the body that follows the request header. */
  encode(writer: Writer, request: R): void;
  /** Reads the body that follows a reply header with err 0; `Malformed` when it is anything else. */
  decode(reader: Reader, request: R): A;
}

const nothing = () => null;

/** One entry a kind of request. Formats: zookeeper.jute, `org.apache.zookeeper.proto`. */
export const operations: { readonly [K in Request['kind']]: Operation<RequestOf<K>, Answers[K]> } = {
  create: {
    opcode: createOpcode,
    encode: writeCreate,
    decode: (reader, request) => {
      const name = reader.text();
      return { name, stat: createOpcode(request) === opcodes.create ? null : readStat(reader) };
    },
  },
  delete: {
    opcode: () => opcodes.delete,
    encode: writePathAndVersion,
    decode: nothing,
  },
  exists: {
    opcode: () => opcodes.exists,
    encode: writePathAndWatch,
    decode: readStat,
  },
  getData: {
    opcode: () => opcodes.getData,
    encode: writePathAndWatch,
    decode: (reader) => ({ data: reader.textOrBytes(), stat: readStat(reader) }),
  },
  setData: {
    opcode: () => opcodes.setData,
    encode: writeSetData,
    decode: readStat,
  },
  getChildren: {
    opcode: () => opcodes.getChildren2,
    encode: writePathAndWatch,
    decode: (reader) => ({ children: reader.vector(4, () => reader.text()), stat: readStat(reader) }),
  },
  sync: {
    opcode: () => opcodes.sync,
    encode: (writer, request) => writer.bytes(request.path),
    decode: (reader) => reader.text(),
  },
  multi: {
    opcode: () => opcodes.multi,
    encode: (writer, request) => writeMulti(writer, request.parts),
    decode: readMulti,
  },
  check: {
    opcode: () => opcodes.check,
    encode: writePathAndVersion,
    decode: nothing,
  },
  getACL: {
    opcode: () => opcodes.getACL,
    encode: (writer, request) => writer.bytes(request.path),
    decode: (reader) => ({ acls: readAcls(reader), stat: readStat(reader) }),
  },
  setACL: {
    opcode: () => opcodes.setACL,
    encode(writer, request) {
      writer.bytes(request.path);
      writeAcls(writer, request.acls);
      writer.int(request.version);
    },
    decode: readStat,
  },
  addWatch: {
    opcode: () => opcodes.addWatch,
    encode(writer, request) {
      writer.bytes(request.path);
      writer.int(addWatchModes[request.mode]);
    },
    // An ErrorResponse, although there is no error (FinalRequestProcessor, case addWatch).
    decode(reader) {
      reader.int();
      return null;
    },
  },
  removeWatches: {
    opcode: () => opcodes.removeWatches,
    encode(writer, request) {
      writer.bytes(request.path);
      writer.int(watcherTypes[request.type]);
    },
    decode: nothing,
  },
  setWatches: {
    opcode: ({ watches }) => (needsSetWatches2(watches) ? opcodes.setWatches2 : opcodes.setWatches),
    encode(writer, { relativeZxid, watches }) {
      writer.long(relativeZxid);
      const path = (text: string) => writer.bytes(text);
      writer.vector(watches.data, path);
      writer.vector(watches.exist, path);
      writer.vector(watches.child, path);
      if (!needsSetWatches2(watches)) return;
      writer.vector(watches.persistent, path);
      writer.vector(watches.persistentRecursive, path);
    },
    decode: nothing,
  },
  auth: {
    opcode: () => opcodes.auth,
    encode(writer, request) {
      writer.int(0);
      writer.bytes(request.scheme);
      writer.bytes(request.credentials);
    },
    decode: nothing,
  },
  closeSession: {
    opcode: () => opcodes.closeSession,
    encode: () => undefined,
    decode: nothing,
  },
  raw: {
    opcode: (request) => request.opcode,
    encode: (writer, request) => writer.raw(request.body),
    decode: (reader) => reader.rest(),
  },
};

function needsSetWatches2(watches: WatchLists): boolean {
  return watches.persistent.length > 0 || watches.persistentRecursive.length > 0;
}
