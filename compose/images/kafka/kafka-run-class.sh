#!/bin/bash
# `kafka-run-class CLASS ARGUMENT…`, with the variables of Kafka's own script in its order: what comes later wins.
set -e
jars=(/opt/kafka/libs/*.jar)
classpath=$(IFS=:; echo "${jars[*]}")

# Unquoted on purpose: each of these holds several flags.
exec java ${KAFKA_HEAP_OPTS:--Xmx256M} $KAFKA_JVM_PERFORMANCE_OPTS $KAFKA_GC_LOG_OPTS $KAFKA_JMX_OPTS \
  ${KAFKA_LOG4J_OPTS:--Dlog4j.configuration=file:/etc/kafka/log4j.properties} -cp "$classpath" $KAFKA_OPTS "$@"
