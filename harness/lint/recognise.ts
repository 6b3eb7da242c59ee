import { basename } from 'node:path';
import { usage } from '../base/trouble.ts';
import { readProperties } from './properties.ts';
import { isListed } from './server-line.ts';
import { textOf, under, type YamlFile } from './yaml-tree.ts';
import { tellingKeys } from './zoo-cfg-keys.ts';

export type Kind = 'zoo.cfg' | 'dynamic' | 'myid' | 'compose' | 'kubernetes';

/** What a file is, by its content; a broken myid by its name alone. Throws a usage `Trouble` that says why it is none. */
export function recognise(file: string, text: string, yaml: YamlFile): Kind {
  if (basename(file) === 'myid' || /^\s*\d+\s*$/.test(text)) return 'myid';
  if (yaml.documents.some((document) => under(document, 'services')?.kind === 'map')) return 'compose';
  const isManifest = yaml.documents.some((document) => textOf(under(document, 'apiVersion')) !== undefined);
  if (isManifest && !isTemplate.test(text)) return 'kubernetes';
  const keys = new Set(readProperties(text).map(({ key }) => key));
  if (keys.size > 0 && [...keys].every((key) => isListed(key) || key === 'version')) return 'dynamic';
  if (tellingKeys.some((key) => keys.has(key)) || [...keys].some((key) => /^server\.\w+$/.test(key)))
    return 'zoo.cfg';
  throw usage(
    file,
    whyNot(text, keys, yaml),
    'give a zoo.cfg, a myid, a compose file or Kubernetes manifests',
  );
}

/** A line, or a value, that begins with {{: Helm has not been here yet. */
const isTemplate = /^\s*(- )?([\w./-]+:\s*)?\{\{/m;

function whyNot(text: string, keys: ReadonlySet<string>, { mistake }: YamlFile): string {
  if (text.trim() === '') return 'it is empty';
  if (isTemplate.test(text)) return 'it is a template; fill it in first (helm template …)';
  if (mistake !== undefined && /^(services|apiVersion):/m.test(text))
    return `it is no readable YAML: ${mistake}`;
  if (keys.has('zookeeper.connect') || keys.has('broker.id') || keys.has('process.roles'))
    return "it holds a Kafka broker's settings, not a ZooKeeper server's";
  return 'it has no setting of ZooKeeper, no "services:" and no "apiVersion:"';
}
