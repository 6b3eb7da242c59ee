import { XMLParser, XMLValidator } from 'fast-xml-parser';

interface ElementLaw {
  required: readonly string[];
  optional: readonly string[];
  children: readonly string[];
  text: boolean;
}

const message: ElementLaw = { required: [], optional: ['type', 'message'], children: [], text: true };
const text: ElementLaw = { required: [], optional: [], children: [], text: true };

/**
 * The facts of junit-10.xsd (Jenkins xunit plugin) about the elements that we write. Its sequences allow any order
 * of what is listed here.
 */
const laws: Record<string, ElementLaw> = {
  testsuites: {
    required: [],
    optional: ['name', 'time', 'tests', 'failures', 'errors'],
    children: ['testsuite'],
    text: false,
  },
  testsuite: {
    required: ['name', 'tests', 'failures', 'errors'],
    optional: ['group', 'time', 'skipped', 'timestamp', 'hostname', 'id', 'package', 'file', 'log', 'url'],
    children: ['testsuite', 'properties', 'testcase', 'system-out', 'system-err'],
    text: false,
  },
  properties: { required: [], optional: [], children: ['property'], text: false },
  property: { required: ['name', 'value'], optional: [], children: [], text: false },
  testcase: {
    required: ['name'],
    optional: ['time', 'classname', 'group'],
    children: ['skipped', 'error', 'failure', 'system-out', 'system-err'],
    text: false,
  },
  failure: message,
  error: message,
  skipped: message,
  'system-out': text,
  'system-err': text,
};

/** Pattern of SUREFIRE_TIME. */
const timePattern = /^(([0-9]{0,3},)*[0-9]{3}|[0-9]{0,3})*(\.[0-9]*)?$/;

export interface XmlNode {
  name: string;
  attributes: Record<string, string>;
  children: XmlNode[];
  text: string;
}

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
});

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML 1.0 forbids (2.2, Char).
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/u;

/** Parses or throws; then what a Jenkins would say against the document, empty when nothing. */
export function parseJunit(xml: string): { root: XmlNode; breaches: string[] } {
  if (forbidden.test(xml)) throw new Error('not well-formed: a character that XML forbids');
  const valid = XMLValidator.validate(xml);
  if (valid !== true) throw new Error(`not well-formed: ${valid.err.msg} at line ${valid.err.line}`);
  const top = (parser.parse(xml) as Raw[])
    .map(nodeOf)
    .filter((node) => node.name !== '?xml' && node.name !== '#text');
  if (top.length !== 1) throw new Error(`${top.length} root elements`);
  const root = top[0]!;
  const breaches = root.name === 'testsuites' ? [] : [`root is ${root.name}`];
  check(root, root.name, breaches);
  return { root, breaches };
}

export function all(node: XmlNode, name: string): XmlNode[] {
  return node.children.flatMap((child) => [...(child.name === name ? [child] : []), ...all(child, name)]);
}

type Raw = Record<string, unknown> & { ':@'?: Record<string, string> };

function nodeOf(raw: Raw): XmlNode {
  const name = Object.keys(raw).find((key) => key !== ':@')!;
  if (name === '#text') return { name, attributes: {}, children: [], text: String(raw[name]) };
  const children = (raw[name] as Raw[]).map(nodeOf);
  const text = children.filter((child) => child.name === '#text').map((child) => child.text);
  return {
    name,
    attributes: raw[':@'] ?? {},
    children: children.filter((child) => child.name !== '#text'),
    text: text.join(''),
  };
}

function check(node: XmlNode, path: string, breaches: string[]): void {
  const law = laws[node.name];
  if (!law) {
    breaches.push(`${path}: unknown element`);
    return;
  }
  for (const name of law.required) if (!(name in node.attributes)) breaches.push(`${path}: no ${name}`);
  for (const [name, value] of Object.entries(node.attributes)) {
    if (!law.required.includes(name) && !law.optional.includes(name))
      breaches.push(`${path}: attribute ${name}`);
    if (name === 'time' && !timePattern.test(value)) breaches.push(`${path}: time ${value}`);
  }
  if (!law.text && node.text.trim() !== '') breaches.push(`${path}: text`);
  for (const child of node.children) {
    if (!law.children.includes(child.name)) breaches.push(`${path}: child ${child.name}`);
    check(child, `${path}/${child.name}`, breaches);
  }
}
