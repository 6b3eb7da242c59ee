import { checks } from '../../harness/lint/catalogue.ts';
import { scenes } from './scenes/index.ts';
import { spoilt } from './spoilt.ts';

/** Why no server of ours can show these. */
const notShown: Readonly<Record<string, string>> = {
  'pod-not-in-list': 'the server sees what myid-not-in-list and lists-differ show',
  'pods-hidden': "it is a matter of the cluster's DNS",
  'quorum-before-second-pod': 'it is a matter of who starts pods',
  'service-called-kafka': 'it is a matter of an image of Kafka',
  'logs-at-root-of-volume': 'it is a matter of brokers, which end so in 3.9.2',
  'broker-id-of-all': 'it is a matter of brokers',
  'kraft-image-with-zookeeper': 'it is a matter of an image of Kafka',
  'chroot-not-last': "it is a matter of the broker's client",
};

/** Where a check has been seen on real servers, for docs/lint.md; undefined where it has not and nobody says why. */
export function shownBy(id: string): string | undefined {
  const alone = spoilt.filter(({ check }) => check === id).length;
  const together = scenes.filter(({ shows }) => shows.includes(id)).length;
  if (alone + together === 0) return notShown[id] && `no: ${notShown[id]}`;
  return [
    ...(alone > 0 ? [`${alone} × at start`] : []),
    ...(together > 0 ? [`${together} × in a scene`] : []),
  ].join(', ');
}

/** The part of docs/lint.md that is made of the checks. */
export function tableOfChecks(): string {
  const rows = checks.map((check) => {
    const cells = [`\`${check.id}\``, check.severity, check.about, check.effect, check.remedy, check.source];
    return `| ${[...cells, shownBy(check.id) ?? ''].map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  });
  const head = [
    'check',
    'severity',
    'mistake',
    'what servers do',
    'remedy',
    'source',
    'seen on real servers',
  ];
  return [`| ${head.join(' | ')} |`, `|${' --- |'.repeat(head.length)}`, ...rows].join('\n');
}
