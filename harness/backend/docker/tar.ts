/** One small file of a container, owned by the image's server user. */
export interface TarFile {
  /** Inside the directory the archive is put into. At most 100 bytes. */
  name: string;
  text: string;
}

/** Uid and gid 1000 in the official image and in ours. */
export const serverUser = 1000;
const blockBytes = 512;

/** A ustar archive (POSIX.1-1988) of small files, as engines take them for "copy into a container". */
export function tarOf(files: readonly { name: string; text: string | Uint8Array }[], nowMs: number): Buffer {
  const blocks = files.flatMap(({ name, text }) => {
    const body = Buffer.from(text);
    const padding = Buffer.alloc((blockBytes - (body.length % blockBytes)) % blockBytes);
    return [header(name, body.length, nowMs), body, padding];
  });
  return Buffer.concat([...blocks, Buffer.alloc(2 * blockBytes)]);
}

function header(name: string, bytes: number, nowMs: number): Buffer {
  if (Buffer.byteLength(name) > 100) throw new Error(`name too long for ustar: ${name}`);
  const block = Buffer.alloc(blockBytes);
  const octal = (value: number, width: number) => `${value.toString(8).padStart(width - 1, '0')}\0`;
  block.write(name, 0);
  block.write(octal(0o644, 8), 100);
  block.write(octal(serverUser, 8), 108);
  block.write(octal(serverUser, 8), 116);
  block.write(octal(bytes, 12), 124);
  block.write(octal(Math.floor(nowMs / 1000), 12), 136);
  block.write(' '.repeat(8), 148);
  block.write('0', 156);
  block.write('ustar\x0000', 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}
