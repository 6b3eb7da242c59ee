import type { PartitionLog, Sent } from '../../history/records.ts';
import type { Evidence, Judgement, Rule } from '../rule.ts';
import { count, finding, report } from '../words.ts';
import { partitionName, readingName, viewOf } from './view.ts';

const name = 'kafka-idempotence';

interface Placed extends Sent {
  at: number;
}

interface Wrong {
  log: PartitionLog;
  what: 'twice' | 'swapped';
  first: Placed;
  second: Placed;
}

/** A producer that retries by itself, and brokers that know what they have already. */
export const kafkaIdempotence: Rule = {
  name,
  about:
    'what an idempotent producer sends, and sends again by itself, stands once and in order, with an answer or without',
  guarantee: {
    quote:
      '"The producer will ensure that exactly one copy of each message is written in the stream", and ordering is preserved with up to 5 requests on their way.',
    source: 'Kafka documentation, enable.idempotence (producer configs); KIP-98, KIP-185',
  },
  cannotSee: ['a producer that is opened anew: what it sends is of another producer to the brokers'],
  byDesign: ['a record without an answer may be there or not'],
  needs: ['java-clients'],
  judge(evidence: Evidence): Judgement {
    const { sent, clientLogs, diskLogs } = viewOf(evidence);
    const own = sent.filter(({ idempotent }) => idempotent);
    const byPlace = new Map(own.map((each) => [`${each.partition}/${each.value}`, each]));
    const logs = [...clientLogs, ...diskLogs];
    const wrong = logs.flatMap((log) => wrongIn(log, byPlace));
    const { findings, more } = report(wrong, (each) => told(evidence, each));
    const answered = own.filter(({ outcome }) => outcome === 'ok').length;
    return {
      relevant: logs.length > 0 ? own.length : 0,
      seen: `${count(own.length, 'record')} of ${count(new Set(own.map(({ producer }) => producer)).size, 'idempotent producer')}, ${answered} acknowledged, in ${count(logs.length, 'log')}${more}`,
      findings,
    };
  },
};

/** One pass: each record against the one of its producer that stands before it. */
function wrongIn(log: PartitionLog, byPlace: ReadonlyMap<string, Sent>): Wrong[] {
  const wrong: Wrong[] = [];
  const last = new Map<string, Placed>();
  const seen = new Map<string, Placed>();
  for (const [at, value] of log.records) {
    const sent = byPlace.get(`${log.partition}/${value}`);
    if (!sent) continue;
    const second = { ...sent, at };
    const twin = seen.get(value);
    const before = last.get(sent.producer);
    if (twin) wrong.push({ log, what: 'twice', first: twin, second });
    else if (before && before.invokedNs > sent.invokedNs)
      wrong.push({ log, what: 'swapped', first: before, second });
    seen.set(value, second);
    last.set(sent.producer, second);
  }
  return wrong;
}

function told(evidence: Evidence, { log, what, first, second }: Wrong) {
  const where = partitionName(log.partition);
  const title =
    what === 'twice'
      ? `"${second.value}" of an idempotent producer stands twice in ${where}: at offsets ${first.at} and ${second.at}`
      : `"${second.value}" was sent before "${first.value}" and stands behind it in ${where}: at offset ${second.at}, not before ${first.at}`;
  return finding(evidence, {
    rule: name,
    title,
    tell: `Read ${readingName(log)}. The producer was ${first.producer}, with enable.idempotence=true and acks=all; it retries by itself.`,
    atNs: second.returnedNs,
  });
}
