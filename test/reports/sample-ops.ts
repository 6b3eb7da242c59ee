import type { Random } from '../../harness/base/random.ts';
import { type Op, type Stat, type Zxid, zxidOf } from '../../harness/history/op.ts';

/** Client operations as a real run has them: registers written and read on all servers, through outages. */
export interface SampleTraffic {
  random: Random;
  ops: number;
  sids: number[];
  startNs: number;
  endNs: number;
  /** No write is acknowledged in these; one that is waiting is answered at the end, or never. */
  outages: { fromNs: number; toNs: number }[];
  /** Leader epoch at a time. */
  epochAt(ns: number): number;
}

const blank: Omit<Op, 'kind' | 'outcome' | 'invokedNs' | 'returnedNs' | 'path'> = {
  session: 1,
  xid: 0,
  server: 1,
  phase: 'workload',
  error: 0,
  zxid: 0 as Zxid,
  value: null,
  version: -1,
  flags: 0,
  stat: null,
  result: null,
};

export function statOf(zxid: Zxid, version: number): Stat {
  const time = { ctimeMs: 1763714000000, mtimeMs: 1763714000000 };
  const numbers = { cversion: 0, aversion: 0, dataLength: 4, numChildren: 0 };
  return { czxid: zxid, mzxid: zxid, pzxid: zxid, version, ephemeralOwner: '0', ...time, ...numbers };
}

export function op(
  fields: Partial<Op> & Pick<Op, 'kind' | 'outcome' | 'path' | 'invokedNs' | 'returnedNs'>,
): Op {
  return { ...blank, ...fields };
}

/** Registers of the workload; each is read on every server in the end. */
const registers = Array.from({ length: 40 }, (_, i) => `/r/${i}`);

export function sampleOps(traffic: SampleTraffic): Op[] {
  const { random, startNs, endNs, sids } = traffic;
  const reads = registers.length * sids.length * 2;
  const busy = Math.max(registers.length, traffic.ops - reads);
  const state = new Map<string, { zxid: Zxid; version: number }>();
  const counters = new Map<number, number>();
  const ops: Op[] = [];
  const nextZxid = (atNs: number) => {
    const epoch = traffic.epochAt(atNs);
    counters.set(epoch, (counters.get(epoch) ?? 0) + 1);
    return zxidOf(epoch, counters.get(epoch)!);
  };

  for (let i = 0; i < busy; i++) {
    const invokedNs = startNs + ((endNs - startNs) * i) / busy;
    const session = random.int(1, 8);
    const server = sids[session % sids.length]!;
    const at = { session, server, xid: i + 1, invokedNs };
    const path = i < registers.length ? registers[i]! : random.pick(registers);
    const known = state.get(path);
    const latencyNs = 3e5 * Math.exp(random.int(0, 1000) / 250) * (i % 997 === 0 ? 20 : 1);
    const outage = traffic.outages.find((o) => invokedNs >= o.fromNs - latencyNs && invokedNs < o.toNs);
    const writes = i < registers.length || random.int(1, 10) <= 4;
    if (writes && outage && random.int(1, 100) <= 85) {
      ops.push(
        op({
          ...at,
          kind: 'setData',
          path,
          value: `v${i}`,
          outcome: 'unknown',
          error: -7,
          returnedNs: invokedNs + 1e9,
        }),
      );
      continue;
    }
    const returnedNs = (writes && outage ? outage.toNs : invokedNs) + latencyNs * (writes ? 2 : 1);
    if (!writes) {
      const seen = { zxid: known!.zxid, stat: statOf(known!.zxid, known!.version) };
      ops.push(
        op({ ...at, kind: 'getData', path, value: `v${known!.version}`, outcome: 'ok', returnedNs, ...seen }),
      );
      continue;
    }
    const zxid = nextZxid(returnedNs);
    if (known && random.int(1, 20) === 1) {
      ops.push(
        op({
          ...at,
          kind: 'setData',
          path,
          value: 'cas',
          version: 0,
          outcome: 'fail',
          error: -103,
          returnedNs,
          zxid,
        }),
      );
      continue;
    }
    const version = known ? known.version + 1 : 0;
    state.set(path, { zxid, version });
    const kind = known ? 'setData' : 'create';
    const result = known ? null : path;
    ops.push(
      op({
        ...at,
        kind,
        path,
        value: `v${version}`,
        outcome: 'ok',
        returnedNs,
        zxid,
        stat: statOf(zxid, version),
        result,
      }),
    );
  }

  for (const phase of ['final', 'poweroff'] as const) {
    for (const sid of sids) {
      for (const path of registers) {
        const { zxid, version } = state.get(path)!;
        const invokedNs = endNs + 1e9;
        const seen = { zxid, stat: statOf(zxid, version), value: `v${version}` };
        ops.push(
          op({
            server: sid,
            phase,
            kind: 'getData',
            path,
            outcome: 'ok',
            invokedNs,
            returnedNs: invokedNs + 1e6,
            ...seen,
          }),
        );
      }
    }
  }
  return ops;
}
