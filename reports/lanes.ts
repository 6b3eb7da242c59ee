import type { RoleSpan } from '../harness/ledger/ledger.ts';
import type { Role, RoleSample } from '../harness/topology/roles.ts';

/** What a server was, for the timeline. The last three only samples can tell. */
type LaneState = RoleSpan['state'] | 'SILENT' | 'STANDALONE' | 'SERVING';

interface LaneSpan {
  state: LaneState;
  fromNs: number;
  toNs: number;
}

export interface Lane {
  sid: number;
  /** Server logs are exact to the millisecond; samples only as fine as they were taken. */
  source: 'server log' | 'samples' | 'nothing';
  spans: LaneSpan[];
}

const stateOfRole: Record<Role, LaneState> = {
  leader: 'LEADING',
  follower: 'FOLLOWING',
  observer: 'OBSERVING',
  standalone: 'STANDALONE',
  serving: 'SERVING',
  electing: 'LOOKING',
  silent: 'SILENT',
  down: 'DOWN',
};

/** One lane a server: from its log where that was understood, else from the role samples. */
export function lanesOf(
  sids: readonly number[],
  spans: readonly RoleSpan[],
  samples: readonly RoleSample[],
  endNs: number,
): Lane[] {
  return sids.map((sid) => {
    const logged = spans
      .filter((span) => span.sid === sid)
      .map(({ state, fromNs, toNs }) => ({ state, fromNs, toNs }));
    if (logged.length > 0) return { sid, source: 'server log', spans: logged };
    const sampled = spansOfSamples(
      samples.filter((sample) => sample.sid === sid),
      endNs,
    );
    return { sid, source: sampled.length > 0 ? 'samples' : 'nothing', spans: sampled };
  });
}

/** Equal samples in a row are one span, which lasts until the first different one. */
function spansOfSamples(samples: readonly RoleSample[], endNs: number): LaneSpan[] {
  const spans: LaneSpan[] = [];
  for (const { atNs, role } of samples) {
    const state = stateOfRole[role];
    const last = spans.at(-1);
    if (last) last.toNs = atNs;
    if (last?.state !== state) spans.push({ state, fromNs: atNs, toNs: atNs });
  }
  const last = spans.at(-1);
  if (last) last.toNs = Math.max(last.toNs, endNs);
  return spans;
}
