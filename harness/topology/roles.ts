/** What a server says of itself in `srvr`; `down` no process or nothing listening, `silent` no answer in time, `electing` it answers but serves nobody, `serving` it takes sessions and does not say what it is. */
export const roles = [
  'leader',
  'follower',
  'observer',
  'standalone',
  'serving',
  'electing',
  'silent',
  'down',
] as const;
export type Role = (typeof roles)[number];

/** One look at one server. Written to `roles.ndjson`, one per line. */
export interface RoleSample {
  atNs: number;
  sid: number;
  role: Role;
  /** Last zxid it applied, as `srvr` prints it ("0x100000005"); absent when it did not say. */
  zxid?: string;
}
