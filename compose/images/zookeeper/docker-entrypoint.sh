#!/bin/bash
# Writes zoo.cfg and myid where there are none, then becomes the command. As root it first becomes user zookeeper.
set -e

if [[ $1 == zkServer.sh && $UID == 0 ]]; then
  chown -R zookeeper "$ZOO_DATA_DIR" "$ZOO_DATA_LOG_DIR" "$ZOO_LOG_DIR"
  exec setpriv --reuid=zookeeper --regid=zookeeper --init-groups "$0" "$@"
fi

# Settings that came later; a server that does not know one takes it for a system property nobody reads.
since() { [[ $(printf '%s\n' "$1" "$ZOOKEEPER_VERSION" | sort -V | head -1) == "$1" ]]; }

if [[ ! -f $ZOO_CONF_DIR/zoo.cfg ]]; then
  {
    echo "dataDir=$ZOO_DATA_DIR"
    echo "dataLogDir=$ZOO_DATA_LOG_DIR"
    echo "tickTime=$ZOO_TICK_TIME"
    echo "initLimit=$ZOO_INIT_LIMIT"
    echo "syncLimit=$ZOO_SYNC_LIMIT"
    echo "autopurge.snapRetainCount=$ZOO_AUTOPURGE_SNAPRETAINCOUNT"
    echo "autopurge.purgeInterval=$ZOO_AUTOPURGE_PURGEINTERVAL"
    echo "maxClientCnxns=$ZOO_MAX_CLIENT_CNXNS"
    if since 3.5; then
      echo "standaloneEnabled=$ZOO_STANDALONE_ENABLED"
      echo "admin.enableServer=$ZOO_ADMINSERVER_ENABLED"
      servers=${ZOO_SERVERS:-server.1=localhost:2888:3888;2181}
    else
      echo "clientPort=${ZOO_PORT:-2181}"
      servers=$ZOO_SERVERS
    fi
    for server in $servers; do echo "$server"; done
    [[ -z $ZOO_4LW_COMMANDS_WHITELIST ]] || echo "4lw.commands.whitelist=$ZOO_4LW_COMMANDS_WHITELIST"
    for line in $ZOO_CFG_EXTRA; do echo "$line"; done
  } > "$ZOO_CONF_DIR/zoo.cfg"
fi

[[ -f $ZOO_DATA_DIR/myid ]] || echo "${ZOO_MY_ID:-1}" > "$ZOO_DATA_DIR/myid"

exec "$@"
