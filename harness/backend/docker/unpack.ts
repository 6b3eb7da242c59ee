import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { pipeline } from 'node:stream/promises';
import { Trouble } from '../../base/trouble.ts';

/** Puts what is in an archive into a folder. `tar` is part of every Linux, of macOS, and of Windows 10. */
export async function unpack(archive: NodeJS.ReadableStream, directory: string): Promise<void> {
  // At the mark that ends an archive tar would stop reading, often before the engine has closed its answer, and that
  // looks like an answer cut short. So it reads on to the true end.
  const tar = spawn('tar', ['--ignore-zeros', '--no-same-owner', '-xf', '-', '-C', directory], {
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  let stderr = '';
  tar.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const sent = pipeline(archive, tar.stdin).catch((error: NodeJS.ErrnoException) => error);
  const [broken, [code]] = await Promise.all([sent, once(tar, 'close') as Promise<[number]>]);
  // When tar stops reading, its own words say why.
  if (broken && broken.code !== 'EPIPE') throw broken;
  if (code !== 0 || broken) {
    const words = stderr.trim().split('\n').at(0) || `ended with ${code}`;
    throw new Trouble(directory, words, 'make room there, or name another place with --out, and run again');
  }
}
