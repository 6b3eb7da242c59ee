import { Trouble } from '../../base/trouble.ts';
import { partsOf } from './contract.ts';
import type { Engine } from './discover.ts';
import { lookAtImage } from './present-image.ts';
import { runInImage } from './run-in-image.ts';
import type { BrokerImage } from './server-image.ts';

const checkMs = 60_000;

/** Runs in place of the broker. Each part begins with "@@ ". */
const report = `
echo '@@ start'; ls /etc/confluent/docker/run /usr/bin/start-kafka.sh 2> /dev/null
echo '@@ kraft'; ls /etc/kafka/docker/run 2> /dev/null
echo '@@ java'; java -version 2>&1
echo '@@ tool'; command -v kafka-run-class || command -v kafka-run-class.sh
echo '@@ jars'; find / -xdev -name 'kafka_2.*.jar' 2> /dev/null
echo '@@ end'
`;

interface Seen extends Partial<Record<'start' | 'kraft' | 'java' | 'tool' | 'jars' | 'end', string>> {
  release?: Release;
}

interface Release {
  /** As the jar has it: 3.9.2, or Confluent's 7.9.0-ccs. */
  written: string;
  /** Its line of Kafka: 3.9. */
  line: string;
  exact: boolean;
}

/** What an image must keep to, in the order in which it is asked; `instead` says more of images that are known not to. */
const promises: readonly {
  promise: string;
  kept(seen: Seen): boolean;
  instead?(seen: Seen): string | false;
}[] = [
  { promise: 'it has bash', kept: ({ end }) => end !== undefined },
  {
    promise: 'the release is in the name of kafka_2.…-V.jar',
    kept: ({ release }) => release !== undefined,
  },
  {
    promise: 'it runs brokers on ZooKeeper',
    kept: ({ release, start, kraft }) =>
      Number.parseInt(release!.line, 10) < 4 && !(isThere(kraft) && !isThere(start)),
    instead: ({ release }) =>
      release!.line.startsWith('4.')
        ? `Kafka ${release!.line} in it knows KRaft only`
        : 'its entry point knows KRaft only',
  },
  {
    promise:
      'it makes server.properties of KAFKA_… variables, by /etc/confluent/docker/run or start-kafka.sh',
    kept: ({ start }) => isThere(start),
  },
  { promise: 'java is in its PATH and runs', kept: ({ java }) => /version "/.test(java ?? '') },
  { promise: 'kafka-run-class is in its PATH', kept: ({ tool }) => isThere(tool) },
];

const isThere = (part: string | undefined) => part !== undefined && part.trim() !== '';

/**
 * Finds out, by running a shell in it without a network, whether an image holds brokers on ZooKeeper of this release and
 * takes KAFKA_… variables. Throws `Trouble` with the promise it breaks. Confluent counts releases of its own, so that of
 * its images only the line must be the same.
 */
export async function checkKafkaImage(engine: Engine, name: string, version: string): Promise<BrokerImage> {
  const present = await lookAtImage(engine, name);
  if (!present) throw new Trouble(`image ${name}`, 'is not there', 'pull or build it first');
  const { output } = await runInImage(
    { engine: engine.address, labels: {} },
    {
      image: name,
      script: report,
      args: [],
      env: {},
      run: { id: 'image-check', scenario: name.replaceAll(/[^\w.-]/g, '-') },
      deadlineMs: checkMs,
    },
  );
  const parts = partsOf(output) as Seen;
  const release = kafkaIn(parts.jars);
  const seen: Seen = { ...parts, ...(release && { release }) };
  const broken = promises.find(({ kept }) => !kept(seen));
  if (broken) {
    const more = broken.instead?.(seen);
    throw new Trouble(
      `image ${name}`,
      `breaks a promise: ${broken.promise}${more ? `; ${more}` : ''}`,
      'use confluentinc/cp-kafka up to 7.9, or one that keeps the contract in compose/images/README.md',
    );
  }
  const fits = release!.exact ? release!.written === version : version.startsWith(`${release!.line}.`);
  if (fits) return { name, volumes: present.volumes };
  throw new Trouble(
    `image ${name}`,
    `holds Kafka ${release!.line} (${release!.written}), not ${version}`,
    `give --kafka ${release!.exact ? release!.written : `${release!.line}.0`}`,
  );
}

/** The release of the broker's jar. Confluent Platform 5.4 is Kafka 2.4, 6.0 is 2.6, and 7.N is 3.N. */
export function kafkaIn(jars: string | undefined): Release | undefined {
  const [, written, major, minor, confluent] =
    /kafka_2\.\d+-((\d+)\.(\d+)\.\d+(-c[ce]s?)?)\.jar$/m.exec(jars ?? '') ?? [];
  if (written === undefined) return undefined;
  if (confluent === undefined) return { written, line: `${major}.${minor}`, exact: true };
  const line = { 5: `2.${minor}`, 6: `2.${Number(minor) + 6}` }[major!] ?? `${Number(major) - 4}.${minor}`;
  return { written, line, exact: false };
}
