/** Numbers and times as a person reads them. All pure; the same words in every report. */

/** "12 ms", "1.4 s", "2 min 5 s", "1 h 3 min". */
export function duration(ms: number): string {
  const abs = Math.abs(ms);
  if (abs < 1) return `${Number(ms.toPrecision(2))} ms`;
  if (abs < 999.5) return `${Math.round(ms)} ms`;
  if (abs < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Seconds since a start, to the millisecond: "12.345 s". */
export function seconds(ns: number): string {
  return `${(ns / 1e9).toFixed(3)} s`;
}

/** "1,204". */
export function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** "1 fault", "3 faults". */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** "512 B", "1.5 KiB", "12.0 MiB". */
export function size(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const units = ['KiB', 'MiB', 'GiB', 'TiB'];
  let value = bytes / 1024;
  let unit = 0;
  while (value >= 1023.95 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${value.toFixed(1)} ${units[unit]}`;
}

/** "2025-11-21 08:44:02 UTC". */
export function utc(date: Date): string {
  return `${date.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

export function clip(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}
