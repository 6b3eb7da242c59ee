import type { Random } from '../../harness/base/random.ts';
import { zxidOf } from '../../harness/history/op.ts';
import type { Reign } from '../../harness/ledger/ledger.ts';
import { type Fired, type Request, type Result, type Transaction, ZnodeTree } from './znode-tree.ts';

export interface Server {
  sid: number;
  tree: ZnodeTree;
  /** How much of the log it has applied. */
  applied: number;
  state: 'up' | 'down' | 'frozen' | 'cut';
}

/** Called when a server has applied a transaction, by its index in the log. */
type Applied = (server: Server, index: number, fired: readonly Fired[]) => void;

/** Servers that apply one log, each at its own pace, and who leads them. */
export class Cluster {
  readonly servers: Server[];
  readonly log: Transaction[] = [];
  readonly results = new Map<number, Result>();
  readonly leaderTree = new ZnodeTree();
  readonly reigns: Reign[] = [];
  leader = 0;
  private readonly random: Random;
  private readonly applied: Applied;
  private epoch = 0;
  private counter = 0;

  constructor(servers: number, random: Random, applied: Applied) {
    this.random = random;
    this.applied = applied;
    this.servers = Array.from({ length: servers }, (_, i) => ({
      sid: i + 1,
      tree: new ZnodeTree(),
      applied: 0,
      state: 'up' as const,
    }));
  }

  get up(): Server[] {
    return this.servers.filter(({ state }) => state === 'up');
  }

  get quorum(): boolean {
    return this.up.length > this.servers.length / 2;
  }

  /** A new leader: one of those that can have everything committed. */
  elect(atNs: number): void {
    const reign = this.reigns.at(-1);
    if (reign) Object.assign(reign, { endedNs: atNs - 1e6, endedBecause: 'it lost its quorum' });
    this.leader = this.random.pick(this.up).sid;
    this.epoch++;
    this.counter = 0;
    const supporters = this.up.map(({ sid }) => sid);
    this.reigns.push({ epoch: this.epoch, leader: this.leader, establishedNs: atNs, supporters });
  }

  /** Index of the transaction in the log. */
  commit(owner: string, request: Request, cxid: number, timeMs: number): number {
    const zxid = zxidOf(this.epoch, ++this.counter);
    const transaction = { zxid, owner, cxid, timeMs, request };
    this.results.set(this.log.length, this.leaderTree.apply(transaction));
    return this.log.push(transaction) - 1;
  }

  replicate(server: Server, upTo: number): void {
    while (server.state === 'up' && server.applied < upTo) {
      const index = server.applied;
      server.tree.apply(this.log[index]!);
      server.applied++;
      this.applied(server, index, server.tree.fired);
    }
  }

  zxidOf(server: Server): number {
    return server.applied === 0 ? 0 : this.log[server.applied - 1]!.zxid;
  }
}
