#!/bin/bash
# Leads three servers through an election and has one list the classes it loads; then stores them for quick starts.
# A server without the archive only starts more slowly, so failing here ends the training, not the build.
set -u
lib=$(echo /opt/zookeeper/lib/*.jar | tr ' ' ':')
work=$(mktemp -d)
archive=/opt/zookeeper/server.jsa
main=org.apache.zookeeper.server.quorum.QuorumPeerMain
flags=(-Xmx128m -XX:+UseSerialGC -XX:-UsePerfData -Djava.net.preferIPv4Stack=true
  -Dzookeeper.jmx.log4j.disable=true -Dlog4j.configuration=file:/conf/log4j.properties)

declare -A pids
start() {
  mkdir -p "$work/$1"
  echo "$1" > "$work/$1/myid"
  {
    printf '%s\n' tickTime=300 initLimit=20 syncLimit=6 "dataDir=$work/$1" "clientPort=2181$1" '4lw.commands.whitelist=*' \
      admin.enableServer=false
    for peer in 1 2 3; do echo "server.$peer=127.0.0.1:2888$peer:3888$peer"; done
  } > "$work/$1.cfg"
  java "${flags[@]}" "${@:2}" -cp "$lib" $main "$work/$1.cfg" > "$work/$1.log" 2>&1 &
  pids[$1]=$!
}

serves() {
  for _ in $(seq 300); do
    { exec 3<> "/dev/tcp/127.0.0.1/2181$1" && echo srvr >&3 && grep -q '^Mode' <&3; } 2> /dev/null && return 0
    sleep 0.2
  done
  tail -5 "$work/$1.log"
  return 1
}

train() {
  # The trained one is neither the highest id, which leads first, nor the lowest, which never does.
  start 1 && start 3 && serves 3 && start 2 "-XX:DumpLoadedClassList=$work/classes" && serves 2 &&
    kill -9 "${pids[3]}" && sleep 2 && serves 2 && kill "${pids[2]}" && wait "${pids[2]}"
  [[ -s $work/classes ]] || return 1
  # Written under G1, with which every JDK also stores heap objects; the serial collector reads them.
  java -Xshare:dump -XX:+UseG1GC -Xmx256m -XX:-UsePerfData "-XX:SharedClassListFile=$work/classes" \
    "-XX:SharedArchiveFile=$archive" -cp "$lib" > "$work/dump.log" 2>&1 &&
    java -Xshare:on -XX:+UseSerialGC -XX:-UsePerfData "-XX:SharedArchiveFile=$archive" -cp "$lib" -version
}

train || { echo "no class data archive: servers of this image start more slowly"; rm -f "$archive"; }
for pid in "${pids[@]}"; do kill -9 "$pid" 2> /dev/null; done
wait
rm -rf "$work" /tmp/hsperfdata_*
exit 0
