/**
 * Text for nft: one private table in one server's network namespace, with sets of lost packets. Elements carry a
 * timeout, so the kernel heals every cut by itself. Nothing outside this table is ever touched.
 */
export const nftTable = 'gauntlet';

/** One element: packets from (`in`) or to (`out`) an address, of all ports or of one server port in both roles. */
export interface NftCut {
  direction: 'in' | 'out';
  peer: string;
  port: number | 'all';
  timeoutMs: number;
}

const setOf = ({ direction, port }: Pick<NftCut, 'direction' | 'port'>) =>
  `${direction}_${port === 'all' ? 'all' : 'port'}`;
const elementOf = ({ peer, port }: Pick<NftCut, 'peer' | 'port'>) =>
  port === 'all' ? peer : `${peer} . ${port}`;

/** Run once when the machine is made. Priority -5: before filters others may have. */
export function nftSetup(): string {
  const set = (name: string, type: string) => `  set ${name} { type ${type}; flags timeout; counter; }`;
  return [
    `table inet ${nftTable} {`,
    set('in_all', 'ipv4_addr'),
    set('out_all', 'ipv4_addr'),
    set('in_port', 'ipv4_addr . inet_service'),
    set('out_port', 'ipv4_addr . inet_service'),
    '  chain input { type filter hook input priority -5; policy accept;',
    '    ip saddr @in_all drop',
    '    ip saddr . tcp dport @in_port drop',
    '    ip saddr . tcp sport @in_port drop',
    '  }',
    '  chain output { type filter hook output priority -5; policy accept;',
    '    ip daddr @out_all drop',
    '    ip daddr . tcp dport @out_port drop',
    '    ip daddr . tcp sport @out_port drop',
    '  }',
    '}',
    '',
  ].join('\n');
}

/** Replaces all elements in one transaction: other cuts of the same machine never flicker. */
export function nftReplace(cuts: readonly NftCut[]): string {
  const lines = ['in_all', 'out_all', 'in_port', 'out_port'].map(
    (set) => `flush set inet ${nftTable} ${set}`,
  );
  for (const cut of cuts) {
    const timeoutMs = Math.max(1, Math.round(cut.timeoutMs));
    lines.push(`add element inet ${nftTable} ${setOf(cut)} { ${elementOf(cut)} timeout ${timeoutMs}ms }`);
  }
  return `${lines.join('\n')}\n`;
}

/** Packets an element has dropped, from `nft -j list set inet gauntlet <set>`; undefined when it is not there (healed). */
export function nftDropped(json: string, cut: Pick<NftCut, 'peer' | 'port'>): number | undefined {
  type Element = { elem?: { val: unknown; counter?: { packets: number } } };
  const listing = JSON.parse(json) as { nftables: { set?: { elem?: Element[] } }[] };
  const wanted = JSON.stringify(cut.port === 'all' ? cut.peer : { concat: [cut.peer, cut.port] });
  for (const { set } of listing.nftables) {
    for (const { elem } of set?.elem ?? []) {
      if (elem && JSON.stringify(elem.val) === wanted) return elem.counter?.packets;
    }
  }
  return undefined;
}

export const nftSetName = setOf;
