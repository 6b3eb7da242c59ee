import { expect, test } from 'vitest';
import { nftDropped, nftReplace, nftSetup } from '../../harness/backend/nft.ts';

test('the rules stay inside one table and nothing is flushed but its own sets', () => {
  const text =
    nftSetup() + nftReplace([{ direction: 'in', peer: '10.0.0.1', port: 'all', timeoutMs: 1500.4 }]);
  expect(text).not.toContain('flush ruleset');
  for (const line of text.split('\n').filter((l) => /^(flush|add|delete)/.test(l))) {
    expect(line).toMatch(/ inet gauntlet /);
  }
  expect(text).toContain('add element inet gauntlet in_all { 10.0.0.1 timeout 1500ms }');
});

test('a port cut names the address and the port', () => {
  expect(nftReplace([{ direction: 'out', peer: '10.0.0.9', port: 2888, timeoutMs: 10 }])).toContain(
    'add element inet gauntlet out_port { 10.0.0.9 . 2888 timeout 10ms }',
  );
});

// As nft 1.0.6 printed it.
const listing = `{"nftables": [{"metainfo": {"version": "1.0.6"}}, {"set": {"family": "inet", "name": "in_port",
 "table": "gauntlet", "type": ["ipv4_addr", "inet_service"], "handle": 3, "flags": ["timeout"], "elem": [{"elem":
 {"val": {"concat": ["127.0.0.1", 2181]}, "timeout": 3, "expires": 2, "counter": {"packets": 7, "bytes": 60}}}]}}]}`;

test('dropped packets are read from the element that cuts', () => {
  expect(nftDropped(listing, { peer: '127.0.0.1', port: 2181 })).toBe(7);
});

test('an element the kernel has healed has no count', () => {
  expect(nftDropped(listing, { peer: '127.0.0.1', port: 2888 })).toBeUndefined();
  expect(nftDropped(listing, { peer: '127.0.0.2', port: 'all' })).toBeUndefined();
});
