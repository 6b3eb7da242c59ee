import { usage } from '../base/trouble.ts';

/** A connect string as ZooKeeper's own clients read it (ConnectStringParser): servers, and where their tree begins. */
export interface ConnectString {
  servers: { host: string; port: number }[];
  /** "/a/b", or "" for the whole tree. */
  chroot: string;
}

const defaultPort = 2181;
/** A host name, an IPv4 address, or an IPv6 address in brackets; then perhaps a port. */
const server = /^(?:\[([0-9a-fA-F:.]+)\]|([\w.-]+))(?::(\d{1,5}))?$/;
const remedy = 'write it as host:2181,host:2181/chroot';

/** "a:2181,b:2181/chroot"; throws a usage `Trouble` that names `thing` and the part that is wrong. */
export function parseConnectString(text: string, thing: string): ConnectString {
  const slash = text.indexOf('/');
  const hosts = slash < 0 ? text : text.slice(0, slash);
  const chroot = slash < 0 ? '' : text.slice(slash);
  const servers = hosts.split(',').map((part) => {
    const [, six, name, digits] = server.exec(part.trim()) ?? [];
    const host = six ?? name;
    const port = digits === undefined ? defaultPort : Number(digits);
    if (host === undefined) throw usage(`${thing} "${part.trim()}"`, 'no server', remedy);
    if (port < 1 || port > 65535) throw usage(`${thing} "${part.trim()}"`, 'no port', remedy);
    return { host, port };
  });
  const names = servers.map(addressOf);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw usage(`${thing} "${twice}"`, 'the server stands twice', 'leave one out');
  return { servers, chroot: checkedChroot(chroot, thing) };
}

export const addressOf = ({ host, port }: { host: string; port: number }) =>
  `${host.includes(':') ? `[${host}]` : host}:${port}`;

/** As PathUtils.validatePath; a lone "/" is no chroot. */
function checkedChroot(chroot: string, thing: string): string {
  if (chroot === '' || chroot === '/') return '';
  const parts = chroot.slice(1).split('/');
  if (parts.some((part) => part === '' || part === '.' || part === '..')) {
    throw usage(`${thing} "${chroot}"`, 'no path of a node', 'write the chroot like /a/b');
  }
  return chroot;
}
