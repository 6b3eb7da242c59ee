import type { Zxid } from '../history/op.ts';
import type { Reader } from './jute.ts';

/** Watcher.Event.EventType by its number on the wire. */
const eventTypes = {
  [-1]: 'None',
  1: 'NodeCreated',
  2: 'NodeDeleted',
  3: 'NodeDataChanged',
  4: 'NodeChildrenChanged',
  5: 'DataWatchRemoved',
  6: 'ChildWatchRemoved',
  7: 'PersistentWatchRemoved',
} as const;

/** Watcher.Event.KeeperState by its number on the wire. */
const keeperStates = {
  [-112]: 'Expired',
  0: 'Disconnected',
  3: 'SyncConnected',
  4: 'AuthFailed',
  5: 'ConnectedReadOnly',
  6: 'SaslAuthenticated',
  7: 'Closed',
} as const;

type EventType = (typeof eventTypes)[keyof typeof eventTypes] | `event ${number}`;
type KeeperState = (typeof keeperStates)[keyof typeof keeperStates] | `state ${number}`;

export interface WatchEvent {
  type: EventType;
  state: KeeperState;
  path: string;
  /** Of the write that triggered it, from 3.9 on; 0 where the server sends none (ZOOKEEPER-4655). */
  zxid: Zxid;
}

export const eventTypeOf = (type: number): EventType =>
  eventTypes[type as keyof typeof eventTypes] ?? `event ${type}`;

/** Reads a WatcherEvent; `zxid` is the header's. */
export function readWatchEvent(reader: Reader, zxid: Zxid): WatchEvent {
  const type = reader.int();
  const state = reader.int();
  const path = reader.ustring() ?? '';
  reader.expectEnd();
  return {
    type: eventTypeOf(type),
    state: keeperStates[state as keyof typeof keeperStates] ?? `state ${state}`,
    path,
    zxid: zxid > 0 ? zxid : (0 as Zxid),
  };
}
