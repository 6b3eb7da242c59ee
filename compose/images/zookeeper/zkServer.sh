#!/bin/bash
# `zkServer.sh start-foreground`, the one command containers use, with the variables of ZooKeeper's own script.
set -e
[[ $1 == start-foreground ]] || { echo "usage: $0 start-foreground" >&2; exit 2; }

conf=${ZOOCFGDIR:-/conf}
[[ ! -f $conf/java.env ]] || . "$conf/java.env"

jars=(/opt/zookeeper/lib/*.jar)
classpath=$(IFS=:; echo "${jars[*]}")

archive=/opt/zookeeper/server.jsa
[[ ! -f $archive ]] || shared="-Xshare:auto -XX:SharedArchiveFile=$archive"

# Unquoted on purpose: each of these holds several flags. The user's come last and win.
exec java $shared -Xmx"${ZK_SERVER_HEAP:-1000}"m $SERVER_JVMFLAGS \
  -Dzookeeper.log.dir="$ZOO_LOG_DIR" -Dzookeeper.jmx.log4j.disable=true -Dlog4j.configuration="file:$conf/log4j.properties" \
  $JVMFLAGS -cp "$classpath" \
  org.apache.zookeeper.server.quorum.QuorumPeerMain "$conf/zoo.cfg"
