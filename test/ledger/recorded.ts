import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Truth } from './fixtures/record.ts';

const fixtures = join(import.meta.dirname, 'fixtures');

/** The recordings of fixtures/record.ts, by name: the ZooKeeper version, with `-logback` where that wrote the log. */
export const recordings: readonly string[] = readdirSync(fixtures).filter((name) => /^3\./.test(name));

/**
 * 3.4.5 does not live up to the story: its leader gave up once more (`Only 1 followers, need 1`) after it was
 * established, so only what holds of every election is tried on it.
 */
export const anotherStory = 'another-story-3.4.5';

export interface Recording extends Truth {
  logs: Map<number, string>;
}

export function recorded(name: string): Recording {
  const dir = join(fixtures, name);
  const truth: Truth = JSON.parse(readFileSync(join(dir, 'truth.json'), 'utf8'));
  const sids = readdirSync(dir).flatMap((file) => /^zk(\d+)\.log\.gz$/.exec(file)?.[1] ?? []);
  const text = (sid: string) => gunzipSync(readFileSync(join(dir, `zk${sid}.log.gz`))).toString('utf8');
  return { ...truth, logs: new Map(sids.map((sid) => [Number(sid), text(sid)])) };
}

/** A log in the layout of 3.9 on log4j, in ms since the origin below. A message may have several lines. */
export function logOf(
  sid: number,
  lines: readonly [atMs: number, logger: string, message: string][],
): string {
  return lines
    .map(([atMs, logger, message]) => {
      const time = new Date(atMs).toISOString().replace('T', ' ').replace('.', ',').replace('Z', '');
      return `${time} [myid:${sid}] - INFO  [QuorumPeer[myid=${sid}]:${logger}@1] - ${message}\n`;
    })
    .join('');
}

export const origin = { monotonicNs: '0', wallMs: 0 };
