import type { Data, MultiPart } from './requests.ts';

/**
 * Node data as a history stores it: UTF-8 text. Bytes that are none (damaged data, say) become `bytes:<hex>`, so that
 * two different values never look the same.
 */
export function textOf(data: Data): string | null {
  if (data === null || typeof data === 'string') return data;
  const text = Buffer.from(data).toString('utf8');
  return Buffer.from(text).equals(data) ? text : `bytes:${Buffer.from(data).toString('hex')}`;
}

/** A multi's parts as a history stores them: the requests without ACLs, data as `value`. */
export function jsonOfParts(parts: readonly MultiPart[]): string {
  return JSON.stringify(
    parts.map((part) => {
      switch (part.kind) {
        case 'create':
          return { kind: part.kind, path: part.path, value: textOf(part.data), mode: part.mode };
        case 'setData':
          return { kind: part.kind, path: part.path, value: textOf(part.data), version: part.version };
        default:
          return part;
      }
    }),
  );
}
