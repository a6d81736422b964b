#!/bin/sh
# Starts the Redis server of a pod in the role that the sentinels give it. It never makes itself the
# master: it waits for a majority of the sentinels, and the latest of their answers holds.
set -eu
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "$0")/common.sh"

# Longer than the start of the other pods and a failover: down-after, the election, and the promotion.
wait_for_another_seconds=60

need REDIS_HOSTS SENTINEL_HOSTS MASTER_NAME OWN_HOST OWN_PORT DATA_DIRECTORY RUN_DIRECTORY TEMPLATE_DIRECTORY
need_plain_password
own="$OWN_HOST:$OWN_PORT"

await_majority() {
  needed=$(majority)
  while :; do
    answers=$(known_masters)
    count=$(printf '%s' "$answers" | grep -c . || true)
    [ "$count" -lt "$needed" ] || break
    say "waiting for $needed sentinels; $count answer"
    sleep 1
  done
  printf '%s\n' "$answers" | latest
}

has_data() {
  [ -n "$(find "$DATA_DIRECTORY" -name '*.aof' -size +0 -print -quit -o -name '*.rdb' -print -quit)" ]
}

# One that does not answer may only be starting, as after all of them were down.
others_may_have_data() {
  for server in $REDIS_HOSTS; do
    [ "$server" != "$own" ] || continue
    case $(ask_redis "$server" dbsize) in
      0) ;;
      *) return 0 ;; # a count, that it is loading what it has, or nothing
    esac
  done
  return 1
}

# The master has lost its disk: as an empty master it would empty its replicas too. While it stays
# away, the sentinels put one of them in its place.
await_another_master() {
  until_seconds=$(($(date +%s) + wait_for_another_seconds))
  while [ "$master" = "$own" ] && others_may_have_data && [ "$(date +%s)" -lt "$until_seconds" ]; do
    say 'this was the master and has no data: waiting for another one'
    sleep 1
    master=$(await_majority)
  done
}

write_configuration() {
  umask 077
  mkdir -p "$RUN_DIRECTORY"
  {
    cat "$TEMPLATE_DIRECTORY/redis.conf"
    printf 'bind %s\n' "$(bind_addresses)"
    printf 'port %s\ndir "%s"\n' "$OWN_PORT" "$DATA_DIRECTORY"
    printf 'replica-announce-ip %s\nreplica-announce-port %s\n' "$OWN_HOST" "$OWN_PORT"
    printf 'requirepass "%s"\nmasterauth "%s"\n' "$REDIS_PASSWORD" "$REDIS_PASSWORD"
    [ "$master" = "$own" ] || printf 'replicaof %s %s\n' "$(host_of "$master")" "$(port_of "$master")"
  } >"$RUN_DIRECTORY/redis.conf"
}

master=$(await_majority)
if ! has_data; then await_another_master; fi
write_configuration
if [ "$master" = "$own" ]; then say 'starting as the master'; else say "starting as a replica of $master"; fi
exec redis-server "$RUN_DIRECTORY/redis.conf"
