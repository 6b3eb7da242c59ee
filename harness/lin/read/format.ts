import { ByteWindow } from './byte-window.ts';
import { damaged } from './damaged.ts';
import { logLine } from './jepsen-log.ts';

export type Format = 'edn' | 'log' | 'arrow';

/** An Arrow stream begins with the marker of a message (Arrow IPC, "Encapsulated message format"). */
const continuation = [0xff, 0xff, 0xff, 0xff];
const beginsEdn = new Set(['{', '[', '(', '#']);
const headBytes = 65_536;

/** Tells the formats apart by how a file begins. Undefined for one without anything but white space. */
export function formatOf(path: string): Format | undefined {
  const head = headOf(path);
  if (continuation.every((byte, index) => head[index] === byte)) return 'arrow';
  const text = Buffer.from(head)
    .toString('utf8')
    .replace(/^(?:\s|;.*\n)+/, '');
  if (text === '') return undefined;
  if (beginsEdn.has(text[0]!)) return 'edn';
  if (text.split(/\r?\n/).some((line) => logLine.test(line))) return 'log';
  throw damaged(path, 1, 'this is no history of a known format');
}

function headOf(path: string): Uint8Array {
  const window = ByteWindow.open(path);
  try {
    window.slide(0);
    return window.bytes.subarray(0, Math.min(window.end, headBytes));
  } finally {
    window.close();
  }
}
