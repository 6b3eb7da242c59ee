#!/bin/bash
# Writes server.properties from the KAFKA_… variables, then becomes the broker. In a name _ stands for a dot, __ for a
# dash and ___ for an underscore, which are Confluent's rules.
set -e

refuse() { echo "$1" >&2; exit 1; }
[[ -z $KAFKA_PROCESS_ROLES ]] || refuse "KAFKA_PROCESS_ROLES: this image is for brokers on ZooKeeper, not for KRaft"
for needed in KAFKA_ZOOKEEPER_CONNECT KAFKA_ADVERTISED_LISTENERS; do
  [[ -n ${!needed} ]] || refuse "$needed is not set"
done

# What scripts read, not brokers.
of_scripts=' HEAP_OPTS JVM_PERFORMANCE_OPTS OPTS GC_LOG_OPTS JMX_OPTS LOG4J_OPTS VERSION '

for variable in "${!KAFKA_@}"; do
  name=${variable#KAFKA_}
  [[ $of_scripts != *" $name "* ]] || continue
  name=${name,,} name=${name//___/$'\1'} name=${name//__/-} name=${name//_/.}
  echo "${name//$'\1'/_}=${!variable}"
done > /etc/kafka/server.properties

exec kafka-server-start /etc/kafka/server.properties
