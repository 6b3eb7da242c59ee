import { add, both, list, swap } from './guide.ts';
import type { Spoilt } from './spoilt.ts';

/** What guides warn of, and servers do not mind. */
export const harmless: readonly Pick<Spoilt, 'is' | 'edit' | 'myid' | 'release'>[] = [
  { is: 'blank lines after the number in myid', myid: '1\n\n\n' },
  { is: 'a myid with the line ends of Windows', myid: '1\r\n' },
  { is: 'a myid without a line end', myid: '1' },
  { is: 'a comment on a line of its own', edit: add('# tickTime=5 is too short') },
  { is: 'blanks around a value', edit: swap('tickTime=2000', 'tickTime = 2000  ') },
  { is: "ports of one's own", edit: list('zoo1:2881:3881', 'zoo2:2881:3881', 'zoo3:2881:3881') },
  {
    is: 'client ports in the list',
    edit: both(
      swap(/clientPort=.*\n/, ''),
      list('zoo1:2888:3888;2181', 'zoo2:2888:3888;2181', 'zoo3:2888:3888;2181'),
    ),
  },
  { is: 'weights with a group', edit: add('group.1=1:2:3', 'weight.1=2', 'weight.2=2') },
  { is: 'an observer, in list and peerType of its own', edit: add('server.4=zoo4:2888:3888:observer') },
  { is: 'an id of 0', edit: swap('server.1=', 'server.0='), myid: '0\n' },
];
