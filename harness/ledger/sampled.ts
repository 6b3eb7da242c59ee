import type { Role, RoleSample } from '../topology/roles.ts';
import type { Reign, RoleSpan } from './ledger.ts';

/** What a role a server answers with says of its state; `silent` and `standalone` say nothing about an ensemble. */
const states: Partial<Record<Role, RoleSpan['state']>> = {
  leader: 'LEADING',
  follower: 'FOLLOWING',
  observer: 'OBSERVING',
  electing: 'LOOKING',
  down: 'DOWN',
};

/** For a server without a readable log: spans from its answers to `srvr`, as coarse as those were asked for. */
export function sampledSpans(samples: readonly RoleSample[], endNs: number): RoleSpan[] {
  const spans: RoleSpan[] = [];
  for (const [i, { sid, role, atNs }] of samples.entries()) {
    const state = states[role];
    const toNs = samples[i + 1]?.atNs ?? endNs;
    const last = spans.at(-1);
    if (last && last.state === state && last.toNs === atNs) last.toNs = toNs;
    else if (state && toNs > atNs) spans.push({ sid, state, fromNs: atNs, toNs });
  }
  return spans;
}

/** Its reigns likewise: one per run of `leader` answers with the same epoch, which is the high word of the zxid. */
export function sampledReigns(samples: readonly RoleSample[]): Reign[] {
  const reigns: Reign[] = [];
  for (const { sid, role, zxid, atNs } of samples) {
    const open = reigns.at(-1)?.endedNs === undefined ? reigns.at(-1) : undefined;
    if (role === 'silent') continue;
    const epoch = role === 'leader' && zxid !== undefined ? Number(BigInt(zxid) >> 32n) : undefined;
    if (open?.epoch === epoch) continue;
    if (open) Object.assign(open, { endedNs: atNs, endedBecause: `it answered "${role}"` });
    if (epoch !== undefined)
      reigns.push({ epoch, leader: sid, establishedNs: atNs, supporters: [], sampled: true });
  }
  return reigns;
}
