import type { Setting } from '../lint/model.ts';
import { settingsIn } from '../lint/read-zoo-cfg.ts';

/** What became of one zoo.cfg: which lines hold in the ensembles of a trial, and which do not. */
export interface CarriedOver {
  /** Ready for `topology.settings`. */
  settings: Record<string, string>;
  left: { line: number; text: string; why: string }[];
}

/** Lines that say where the operator's servers live, or whom they trust: a trial has places and clients of its own. */
const notHere: readonly { key: RegExp; why: string }[] = [
  {
    key: /^(dataDir|dataLogDir)$/,
    why: 'every server of the trial has disks of its own, tried together and apart',
  },
  {
    key: /^(clientPort|clientPortAddress|peerType|dynamicConfigFile)$/,
    why: 'the trial has addresses of its own',
  },
  { key: /^(server\.|group|weight)/, why: 'the trial has three servers of its own' },
  {
    key: /^(secureClientPort|ssl\.|sslQuorum|portUnification|.*(keyStore|trustStore))/,
    why: 'no TLS in the trial',
  },
  {
    key: /^(authProvider|quorum\.auth|sessionRequire|enforce\.auth|allowSasl|superUser|X509Auth|SASLAuth|DigestAuth|kerberos|jaasLogin|requireClientAuth)/,
    why: 'clients of the trial have no credentials',
  },
  { key: /^(maxClientCnxns|maxCnxns)$/, why: 'all clients of the trial come from one address' },
  { key: /^4lw\.commands\.whitelist$/, why: 'the trial looks at its servers with these commands' },
  { key: /^autopurge\./, why: 'what servers stored is evidence' },
  { key: /^(metricsProvider\.|audit\.|oraclePath)/, why: 'it needs what is not in the release itself' },
  {
    key: /^(reconfigEnabled|localSessions)/,
    why: 'the rules follow global sessions and a fixed list of servers',
  },
  { key: /^jute\.maxbuffer$/, why: 'servers read it as a JVM flag only' },
  { key: /^zookeeper\./, why: 'servers put "zookeeper." before it once more' },
];

/** Carries over every line that can hold anywhere: times, limits, what is logged and when it is snapshotted. Later lines win. */
export function carryOver(text: string, file: string): CarriedOver {
  const settings: Record<string, string> = {};
  const left: CarriedOver['left'] = [];
  for (const setting of settingsIn(text, (line) => ({ file, line }))) {
    const why = whyNot(setting);
    const { key, value } = setting;
    if (why === undefined) settings[key] = value ?? '';
    else left.push({ line: setting.place.line, text: `${key}=${value ?? ''}`, why });
  }
  return { settings, left };
}

function whyNot({ key, value }: Setting): string | undefined {
  const known = notHere.find((each) => each.key.test(key))?.why;
  if (known !== undefined) return known;
  if (!/^[\w.-]+$/.test(key)) return 'not a key of zoo.cfg';
  if (value === null || value === '') return 'it has no value';
  return /^\//.test(value) ? 'a path of another machine' : undefined;
}
