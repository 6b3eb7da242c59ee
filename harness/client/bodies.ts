import { writeAcls } from './acl.ts';
import type { Writer } from './jute.ts';
import { type CreateMode, type CreateRequest, createModes, type Data, opcodes } from './requests.ts';

/** Request bodies that stand alone and as parts of a multi. */

export function writeCreate(writer: Writer, request: CreateRequest): void {
  writer.bytes(request.path);
  writer.bytes(request.data);
  writeAcls(writer, request.acls);
  writer.int(request.mode);
  if (hasTtl(request.mode)) writer.long(request.ttlMs);
}

/** create2 is unknown before 3.5, so it is used only where its Stat was asked for. */
export function createOpcode({ mode, stat }: CreateRequest): number {
  if (mode === createModes.container) return opcodes.createContainer;
  if (hasTtl(mode)) return opcodes.createTTL;
  return stat ? opcodes.create2 : opcodes.create;
}

export function writeSetData(writer: Writer, request: { path: string; data: Data; version: number }): void {
  writer.bytes(request.path);
  writer.bytes(request.data);
  writer.int(request.version);
}

export function writePathAndVersion(writer: Writer, request: { path: string; version: number }): void {
  writer.bytes(request.path);
  writer.int(request.version);
}

export function writePathAndWatch(writer: Writer, request: { path: string; watch: boolean }): void {
  writer.bytes(request.path);
  writer.bool(request.watch);
}

function hasTtl(mode: CreateMode): boolean {
  return mode === createModes.persistentTtl || mode === createModes.persistentSequentialTtl;
}
