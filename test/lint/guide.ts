/** The zoo.cfg of server 1 as good guides print it; every mistake of the table is one edit away. */
export const guide = `tickTime=2000
initLimit=10
syncLimit=5
dataDir=/var/lib/zookeeper
clientPort=2181
autopurge.purgeInterval=1
server.1=zoo1:2888:3888
server.2=zoo2:2888:3888
server.3=zoo3:2888:3888
`;

export type Edit = (cfg: string) => string;

/** Puts `to` where `from` stands; a test that spoils nothing is a mistake of its own. */
export const swap =
  (from: string | RegExp, to: string): Edit =>
  (cfg) => {
    const spoilt = cfg.replace(from, to);
    if (spoilt === cfg) throw new Error(`there is no ${from} in the text`);
    return spoilt;
  };

export const add =
  (...lines: string[]): Edit =>
  (cfg) =>
    `${cfg}${lines.join('\n')}\n`;

export const both =
  (...edits: Edit[]): Edit =>
  (cfg) =>
    edits.reduce((text, edit) => edit(text), cfg);

const servers = /(server\.\d+=.*\n)+/;
/** Another server list: each line without "server.N=" in front gets it. */
export const list = (...lines: string[]): Edit =>
  swap(
    servers,
    lines
      .map((line, i) => (line.includes('=') ? line : `server.${i + 1}=${line}`))
      .join('\n')
      .concat('\n'),
  );
export const withoutList = swap(servers, '');

/** The guide's list with `count` servers. */
export const listOf = (count: number): Edit =>
  list(...Array.from({ length: count }, (_, i) => `zoo${i + 1}:2888:3888`));
