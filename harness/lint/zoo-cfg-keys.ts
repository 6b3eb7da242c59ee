/**
 * What zoo.cfg may say, in the words of 3.9.5 (QuorumPeerConfig.parseProperties). Every other key becomes the system
 * property zookeeper.<key>, whether anybody reads that or not.
 */
const numbers = [
  'clientPort',
  'secureClientPort',
  'observerMasterPort',
  'clientPortListenBacklog',
  'tickTime',
  'maxClientCnxns',
  'minSessionTimeout',
  'maxSessionTimeout',
  'initLimit',
  'syncLimit',
  'connectToLearnerMasterLimit',
  'electionAlg',
  'autopurge.snapRetainCount',
  'autopurge.purgeInterval',
  'quorum.cnxn.threads.size',
  'multiAddress.reachabilityCheckTimeoutMs',
];

const booleans = [
  'localSessionsEnabled',
  'localSessionsUpgradingEnabled',
  'quorumListenOnAllIPs',
  'syncEnabled',
  'standaloneEnabled',
  'reconfigEnabled',
  'sslQuorum',
  'portUnification',
  'sslQuorumReloadCertFiles',
  'multiAddress.enabled',
  'multiAddress.reachabilityCheckEnabled',
];

const words = [
  'dataDir',
  'dataLogDir',
  'clientPortAddress',
  'secureClientPortAddress',
  'peerType',
  'dynamicConfigFile',
  'metricsProvider.className',
  'metricsProvider.httpHost',
  'metricsProvider.httpPort',
  'metricsProvider.httpsPort',
  'metricsProvider.exportJvmInfo',
  'oraclePath',
];

/** System properties that servers read as zookeeper.<name>, so that zoo.cfg may set them. */
const properties =
  '4lw.commands.whitelist admin.commandURL admin.enableServer admin.forceHttps admin.idleTimeout admin.portUnification ' +
  'admin.rateLimiterIntervalInMS admin.restore.enabled admin.serverAddress admin.serverPort admin.snapshot.enabled ' +
  'allowSaslFailedClients audit.enable audit.impl.class clientTcpKeepAlive closeSessionTxn.enabled cnxTimeout ' +
  'commitLogCount commitProcessor.maxCommitBatchSize commitProcessor.maxReadBatchSize commitProcessor.numWorkerThreads ' +
  'commitProcessor.shutdownTimeout datadir.autocreate db.autocreate digest.enabled disableAutoWatchReset ' +
  'electionPortBindRetry emulate353TTLNodes enableEagerACLCheck enforce.auth.enabled enforce.auth.schemes enforceQuota ' +
  'ensembleAuthName extendedTypesEnabled fastleader.maxNotificationInterval fastleader.minNotificationInterval flushDelay ' +
  'forceSnapshotSync forceSync globalOutstandingLimit largeRequestMaxBytes largeRequestThreshold ' +
  'leader.maxTimeToWaitForEpoch leaderConnectDelayDuringRetryMs leaderServes learner.asyncSending ' +
  'learner.closeSocketAsync leader.closeSocketAsync maxBatchSize maxCnxns maxResponseCacheSize maxWriteQueuePollTime ' +
  'nio.numSelectorThreads nio.numWorkerThreads nio.sessionlessCnxnTimeout nio.shutdownTimeout observer.election.DelayMs ' +
  'observer.reconnectDelayMs observer.syncEnabled preAllocSize quorumCnxnTimeoutMs readonlymode.enabled request.timeout ' +
  'serializeLastProcessedZxid.enabled serverCnxnFactory sessionRequireClientSASLAuth skipACL snapCount ' +
  'snapSizeLimitInKb snapshot.compression.method snapshot.trust.empty snapshotSizeFactor superUser tcpKeepAlive ' +
  'txnLogSizeLimitInKb watchManagerName quorum.auth.enableSasl quorum.auth.serverRequireSasl quorum.auth.learnerRequireSasl ' +
  'quorum.auth.learner.saslLoginContext quorum.auth.server.saslLoginContext quorum.auth.kerberos.servicePrincipal ' +
  'jvm.pause.info-threshold.ms jvm.pause.warn-threshold.ms jvm.pause.sleep.time.ms jvm.pause.monitor';

/** Whole families: server.N, authProvider.1, ssl.keyStore.location. */
const families =
  /^(server\.|group\.|weight\.|authProvider\.|ssl\.|metricsProvider\.|DigestAuth|X509Auth|SASLAuth)/;

/** What only a JVM flag can set: servers read it without "zookeeper." before it (BinaryInputArchive). */
export const jvmOnly = ['jute.maxbuffer'];

export const numberKeys: ReadonlySet<string> = new Set(numbers);
export const booleanKeys: ReadonlySet<string> = new Set(booleans);
const known = new Set([...numbers, ...booleans, ...words, ...properties.split(' '), ...jvmOnly]);

/** Keys that no other kind of file has: seeing one of them makes a file a zoo.cfg. */
export const tellingKeys = [
  'tickTime',
  'initLimit',
  'syncLimit',
  'dataDir',
  'clientPort',
  'dynamicConfigFile',
];

/** The key that was probably meant, where `key` is one letter, one blank or the case of letters away from a known one. */
export function meantBy(key: string): string | undefined {
  const lost = /^(server|group|weight)[-_ ]?(\d+)$/i.exec(key);
  if (lost !== null) return `${lost[1]!.toLowerCase()}.${lost[2]}`;
  if (known.has(key) || families.test(key)) return undefined;
  const plain = plainOf(key);
  return [...known].find((candidate) => {
    const other = plainOf(candidate);
    return plain === other || (other.length > 5 && oneEditApart(plain, other));
  });
}

const plainOf = (key: string) => key.toLowerCase().replaceAll(/[^a-z0-9]/g, '');

/** Whether one letter more, less, changed, or two neighbours exchanged make one of the other. */
function oneEditApart(a: string, b: string): boolean {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  if (long.length - short.length > 1) return false;
  let at = 0;
  while (at < short.length && short[at] === long[at]) at += 1;
  if (short.length < long.length) return short.slice(at) === long.slice(at + 1);
  const changed = short.slice(at + 1) === long.slice(at + 1);
  const exchanged =
    short[at] === long[at + 1] && short[at + 1] === long[at] && short.slice(at + 2) === long.slice(at + 2);
  return changed || exchanged;
}
