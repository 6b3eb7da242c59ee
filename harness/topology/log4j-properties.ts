/**
 * ZooKeeper's own default layout (conf/log4j.properties in every release up to 3.7, conf/logback.xml after), which is
 * what the ledger's patterns read. Everything goes to standard output.
 */
const logLayout = '%d{ISO8601} [myid:%X{myid}] - %-5p [%t:%C{1}@%L] - %m%n';

/** Text of the `log4j.properties` that servers logging through log4j 1 (reload4j) get. */
export function log4jProperties(): string {
  return `log4j.rootLogger=INFO, CONSOLE
log4j.appender.CONSOLE=org.apache.log4j.ConsoleAppender
log4j.appender.CONSOLE.layout=org.apache.log4j.PatternLayout
log4j.appender.CONSOLE.layout.ConversionPattern=${logLayout}
`;
}

/** Text of the `logback.xml` for releases installed by the user from 3.8 on, which bring logback instead. */
export function logbackXml(): string {
  return `<configuration>
  <appender name="CONSOLE" class="ch.qos.logback.core.ConsoleAppender">
    <encoder><pattern>${logLayout}</pattern></encoder>
  </appender>
  <root level="INFO"><appender-ref ref="CONSOLE"/></root>
</configuration>
`;
}
