import { mkdir, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { messageOf } from '../../base/trouble.ts';
import { waitFor } from '../../base/wait.ts';
import type { Available, OwnDisk } from '../backend.ts';
import { bash } from '../bash.ts';

/** As large as tmpfs makes itself when nobody says (tmpfs(5)); memory is taken by what is written, not by this. */
const ampleSize = '50%';
/** Its node writes all the while, so what is in use may grow between the look and the deed. */
const fillMs = 5000;
const probeBytes = 65_536;

/**
 * A file system in memory for one machine alone, gone with the sandbox. It is filled by making it as small as what it
 * holds: that takes no memory, and the kernel refuses every further page with ENOSPC.
 */
export class MemoryDisk implements OwnDisk {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  async mount(): Promise<void> {
    await mkdir(this.#path, { recursive: true });
    await mountTmpfs(`size=${ampleSize},mode=0755`, this.#path);
  }

  async fill(): Promise<void> {
    await waitFor({ what: `${this.#path} to be as small as what it holds`, deadlineMs: fillMs }, async () => {
      const { blocks, bfree, bsize } = await statfs(this.#path);
      // Size 0 would be no limit at all (tmpfs(5)).
      await this.#resize(String(Math.max(1, blocks - bfree) * bsize));
      return true;
    });
  }

  free(): Promise<void> {
    return this.#resize(ampleSize);
  }

  async hasRoom(): Promise<boolean> {
    const probe = join(this.#path, 'room');
    try {
      await writeFile(probe, Buffer.alloc(probeBytes, 1));
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      return false;
    } finally {
      await rm(probe, { force: true });
    }
  }

  #resize(size: string): Promise<void> {
    return mountTmpfs(`remount,size=${size}`, this.#path);
  }
}

async function mountTmpfs(options: string, path: string): Promise<void> {
  const [file, ...args] = bash(`mount -t tmpfs -o ${options} tmpfs ${path}`);
  const result = await execa(file!, args, { reject: false, timeout: 10_000 });
  if (result.failed)
    throw new Error(`mount ${options}: ${result.stderr.trim().split('\n')[0] || result.shortMessage}`);
}

/** Whether a disk that nobody uses yet can be filled and freed: tried, not guessed. */
export async function tryDisk(disk: OwnDisk): Promise<Available> {
  const remedy = 'use a kernel that lets a tmpfs be remounted where the sandbox may mount it';
  try {
    await disk.fill();
    const full = !(await disk.hasRoom());
    await disk.free();
    return full && (await disk.hasRoom())
      ? 'yes'
      : { no: 'a disk of limited size still takes files here', remedy };
  } catch (error) {
    return { no: `no disk can be filled here (${messageOf(error)})`, remedy };
  }
}
