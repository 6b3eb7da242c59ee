import { describe, expect, test } from 'vitest';
import { pomOf } from '../../harness/distribution/pom.ts';
import { knownVersions, zookeeperArtifacts } from '../../harness/distribution/zookeeper-artifacts.ts';
import { compareVersions } from '../../harness/topology/version.ts';

describe('the artifacts of a release', () => {
  test('from 3.5.5 on come with what their POM names, except other log backends', () => {
    const [zookeeper, ...rest] = zookeeperArtifacts('3.9.5');
    expect(zookeeper).toMatchObject({ name: 'zookeeper', version: '3.9.5' });
    expect(zookeeper!.without.map(({ group, name }) => `${group}:${name}`)).toEqual([
      'ch.qos.logback:*',
      'log4j:log4j',
      'org.slf4j:slf4j-log4j12',
    ]);
    expect(namesOf(rest)).toEqual([
      'jetty-servlet 9.4.57.v20241219',
      'jackson-databind 2.15.2',
      'snappy-java 1.1.10.5',
      'metrics-core 4.1.12.1',
      'slf4j-api 2.0.13',
      'slf4j-reload4j 2.0.13',
      'reload4j 1.2.25',
    ]);
  });

  test('before 3.5.5 are an explicit list, because their POM names artifacts that are gone', () => {
    const artifacts = zookeeperArtifacts('3.5.4-beta');
    expect(artifacts.every(({ without }) => without[0]!.name === '*')).toBe(true);
    expect(namesOf(artifacts)).toEqual([
      'zookeeper 3.5.4-beta',
      'slf4j-api 1.7.36',
      'slf4j-reload4j 1.7.36',
      'reload4j 1.2.25',
      'audience-annotations 0.5.0',
      'netty 3.10.6.Final',
    ]);
  });

  test.each([
    ['3.8.4', '1.7.36'],
    ['3.8.5', '2.0.13'],
    ['3.9.3', '1.7.36'],
    ['3.9.4', '2.0.13'],
  ])('%s logs through slf4j %s', (version, slf4j) => {
    expect(namesOf(zookeeperArtifacts(version))).toContain(`slf4j-reload4j ${slf4j}`);
  });

  test('the known releases are in order and written once', () => {
    expect(knownVersions).toEqual([...new Set(knownVersions)].toSorted(compareVersions));
  });
});

test('the POM depends on exactly the artifacts', () => {
  const artifact = { group: 'g', name: 'n', version: '1', without: [{ group: '*', name: 'w' }] };
  expect(pomOf([artifact])).toContain(`    <dependency>
      <groupId>g</groupId><artifactId>n</artifactId><version>1</version>
      <exclusions>
        <exclusion><groupId>*</groupId><artifactId>w</artifactId></exclusion>
      </exclusions>
    </dependency>`);
});

const namesOf = (artifacts: { name: string; version: string }[]) =>
  artifacts.map(({ name, version }) => `${name} ${version}`);
