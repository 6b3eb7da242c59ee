import { expect, test } from 'vitest';
import { addressOf, parseConnectString } from '../../harness/client/connect-string.ts';

const servers = [
  { host: 'zk1.example', port: 2181 },
  { host: '10.0.0.2', port: 2182 },
];

test.each([
  ['zk1.example:2181,10.0.0.2:2182', { servers, chroot: '' }],
  ['zk1.example,10.0.0.2:2182/', { servers, chroot: '' }],
  [' zk1.example , 10.0.0.2:2182/app/zk', { servers, chroot: '/app/zk' }],
  [
    '[::1]:2183,[fe80::1]',
    {
      servers: [
        { host: '::1', port: 2183 },
        { host: 'fe80::1', port: 2181 },
      ],
      chroot: '',
    },
  ],
])('"%s" is read as ZooKeeper clients read it', (text, read) => {
  expect(parseConnectString(text, '--servers')).toEqual(read);
});

test.each([
  ['', /--servers "": no server/],
  ['a:2181,,b:2181', /--servers "": no server/],
  ['a:0', /--servers "a:0": no port/],
  ['a:70000', /--servers "a:70000": no port/],
  ['a:x', /--servers "a:x": no server/],
  ['http://a:2181', /--servers "http:": no server/],
  ['a;rm -rf b', /no server/],
  ['a:2181,b,a', /--servers "a:2181": the server stands twice/],
  ['a:2181/app/', /--servers "\/app\/": no path of a node/],
  ['a:2181/app//zk', /no path of a node/],
  ['a:2181/../zk', /no path of a node/],
])('"%s" is refused with the part that is wrong', (text, message) => {
  expect(() => parseConnectString(text, '--servers')).toThrow(message);
});

test('an address is written so that it can be read again', () => {
  for (const server of [...servers, { host: '::1', port: 2183 }]) {
    expect(parseConnectString(addressOf(server), 'x').servers).toEqual([server]);
  }
});
