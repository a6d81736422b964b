#!/usr/bin/env bash
# Redis 7.0.15: CLUSTER SLOTS leaves out a replica that is synchronized and connected until its master
# has written something or sent its next ping (`repl-ping-replica-period`, 10 s): up to then the offset
# of the replication is 0, which Redis takes for a replica that still loads. CLUSTER SHARDS calls it
# `loading`, while CLUSTER NODES lists it as connected, and INFO of both says that it is online. The
# documentation says that failed replicas are left out. Whoever looks for the replicas of a cluster that
# was just created by CLUSTER SLOTS finds none.
# Needs redis-server 7 and redis-cli on PATH.
set -euo pipefail

master=19477
replica=19478
folder=$(mktemp -d)
servers=()
clean_up() {
  for server in "${servers[@]}"; do
    kill "$server" 2>/dev/null || true
    wait "$server" || true
  done
  rm -rf "$folder"
}
trap clean_up EXIT

redis-server --version
# The pings would end the state that is looked at.
for port in "$master" "$replica"; do
  mkdir "$folder/$port"
  redis-server --bind 127.0.0.1 --port "$port" --save '' --dir "$folder/$port" --cluster-enabled yes \
    --repl-diskless-sync-delay 0 --repl-ping-replica-period 3600 >"$folder/$port/log" 2>&1 &
  servers+=("$!")
done

ask() { redis-cli -h 127.0.0.1 -p "$@" 2>/dev/null; }
# Until a command's reply has a text: PORT TEXT COMMAND…
until_says() {
  local port=$1 text=$2
  shift 2
  for _ in {1..300}; do
    if ask "$port" "$@" | grep -q -- "$text"; then return; fi
    sleep 0.1
  done
  echo "$* at port $port: no \"$text\" within 30 s" >&2
  return 2
}

until_says "$master" PONG PING
until_says "$replica" PONG PING
ask "$master" CLUSTER ADDSLOTSRANGE 0 16383 >/dev/null
ask "$master" CLUSTER MEET 127.0.0.1 "$replica" >/dev/null
id=$(ask "$master" CLUSTER MYID)
until_says "$replica" "$id .*master" CLUSTER NODES
until_says "$replica" OK CLUSTER REPLICATE "$id"
until_says "$replica" master_link_status:up INFO replication
until_says "$master" "slave $id" CLUSTER NODES
until_says "$master" state=online INFO replication
# Longer than any gossip between the two takes.
sleep 3

listed() { if ask "$master" CLUSTER SLOTS | grep -qx "$replica"; then echo yes; else echo no; fi; }
health() { ask "$master" CLUSTER SHARDS | grep -A1 -x health | grep -vx -e health -e -- | paste -sd ' ' -; }
nodes() { ask "$master" CLUSTER NODES | grep -o 'slave .*connected' | sed 's/ .* / … /'; }
before="in CLUSTER SLOTS: $(listed); health in CLUSTER SHARDS: $(health)"
echo "before the first write, $before; in CLUSTER NODES: $(nodes)"
ask "$master" SET key value >/dev/null
until_says "$master" "^$replica\$" CLUSTER SLOTS
after="in CLUSTER SLOTS: $(listed); health in CLUSTER SHARDS: $(health)"
echo "after it,               $after"
[[ $before == 'in CLUSTER SLOTS: no; health in CLUSTER SHARDS: online loading' ]] &&
  [[ $after == 'in CLUSTER SLOTS: yes; health in CLUSTER SHARDS: online online' ]]
