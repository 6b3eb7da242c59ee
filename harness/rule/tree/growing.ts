type Column = Int32Array | Float64Array | Uint8Array;

/** The same entries with room for more: half as much again unless told, so that growing is paid once. */
export function grown<T extends Column>(
  column: T,
  length = column.length + Math.max(256, column.length >> 1),
): T {
  const make = column.constructor as new (length: number) => T;
  const larger = new make(length);
  larger.set(column);
  return larger;
}
