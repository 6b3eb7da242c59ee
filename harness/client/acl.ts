import type { Reader, Writer } from './jute.ts';

export interface Acl {
  /** Sum of `permissions`. */
  perms: number;
  scheme: string;
  id: string;
}

/** ZooDefs.Perms. */
const permissions = { read: 1, write: 2, create: 4, delete: 8, admin: 16, all: 31 } as const;

/** ZooDefs.Ids: everybody may do everything; only who created the node; everybody may read. */
export const openAcl: readonly Acl[] = [{ perms: permissions.all, scheme: 'world', id: 'anyone' }];
export const creatorAcl: readonly Acl[] = [{ perms: permissions.all, scheme: 'auth', id: '' }];
export const readOnlyAcl: readonly Acl[] = [{ perms: permissions.read, scheme: 'world', id: 'anyone' }];

/** Perms and two string lengths. */
const leastBytes = 12;

export function writeAcls(writer: Writer, acls: readonly Acl[]): void {
  writer.vector(acls, (acl) => {
    writer.int(acl.perms);
    writer.bytes(acl.scheme);
    writer.bytes(acl.id);
  });
}

export function readAcls(reader: Reader): Acl[] {
  return reader.vector(leastBytes, () => ({ perms: reader.int(), scheme: reader.text(), id: reader.text() }));
}
