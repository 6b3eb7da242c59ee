#!/bin/bash
# `kafka-server-start FILE`, the one command containers use, with the heap that Kafka's own script gives.
export KAFKA_HEAP_OPTS=${KAFKA_HEAP_OPTS:--Xmx1G -Xms1G}
exec kafka-run-class kafka.Kafka "$@"
