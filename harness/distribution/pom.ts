import type { Artifact } from './zookeeper-artifacts.ts';

/** A POM that depends on exactly these artifacts. */
export function pomOf(artifacts: readonly Artifact[]): string {
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>zk-gauntlet</groupId><artifactId>fetch</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>
${artifacts.map(dependency).join('\n')}
  </dependencies>
</project>
`;
}

function dependency({ group, name, version, without }: Artifact): string {
  const exclusions = without
    .map(
      (excluded) => `
        <exclusion><groupId>${excluded.group}</groupId><artifactId>${excluded.name}</artifactId></exclusion>`,
    )
    .join('');
  return `    <dependency>
      <groupId>${group}</groupId><artifactId>${name}</artifactId><version>${version}</version>
      <exclusions>${exclusions}
      </exclusions>
    </dependency>`;
}
