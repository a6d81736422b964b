#!/bin/sh
# Starts the sentinel of a pod. What it knew it has on its disk; one without a disk of before asks the
# other sentinels who the master is, then the servers, and only at the very first start names the
# first server.
set -eu
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "$0")/common.sh"

need REDIS_HOSTS SENTINEL_HOSTS MASTER_NAME OWN_HOST OWN_PORT DATA_DIRECTORY TEMPLATE_DIRECTORY
need SENTINEL_DOWN_AFTER_MILLISECONDS SENTINEL_FAILOVER_TIMEOUT_MILLISECONDS
need_plain_password
configuration=$DATA_DIRECTORY/sentinel.conf

# An old master that is not demoted yet has no replicas.
master_among_servers() {
  for server in $REDIS_HOSTS; do
    if [ "$(role_of "$server")" = master ]; then printf '%s %s\n' "$(replicas_of "$server")" "$server"; fi
  done | latest
}

choose_master() {
  master=$(known_masters | latest)
  [ -n "$master" ] || master=$(master_among_servers)
  [ -n "$master" ] || master=$(first_redis)
}

# The same after the loss of the disk: the others shall not take it for one more sentinel.
own_id() { printf '%s:%s' "$OWN_HOST" "$OWN_PORT" | sha1sum | cut -c 1-40; }

# The roles and the epoch, which a sentinel has written into its file itself.
state='sentinel (monitor|config-epoch|leader-epoch|current-epoch|known-replica|known-sentinel) '

write_state() {
  if [ -s "$configuration" ]; then
    say 'going on with what it knew'
    grep -E "^$state" "$configuration"
  else
    choose_master
    say "watching $master"
    printf 'sentinel monitor %s %s %s %s\n' \
      "$MASTER_NAME" "$(host_of "$master")" "$(port_of "$master")" "$(majority)"
  fi
}

# Settings are written at each start, so that a restart applies changes.
write_settings() {
  printf 'bind %s\nport %s\ndir "%s"\n' "$(bind_addresses)" "$OWN_PORT" "$DATA_DIRECTORY"
  printf 'sentinel myid %s\n' "$(own_id)"
  printf 'sentinel resolve-hostnames yes\nsentinel announce-hostnames yes\n'
  printf 'sentinel announce-ip %s\nsentinel announce-port %s\n' "$OWN_HOST" "$OWN_PORT"
  printf 'sentinel auth-pass %s "%s"\n' "$MASTER_NAME" "$REDIS_PASSWORD"
  printf 'sentinel down-after-milliseconds %s %s\nsentinel failover-timeout %s %s\n' \
    "$MASTER_NAME" "$SENTINEL_DOWN_AFTER_MILLISECONDS" \
    "$MASTER_NAME" "$SENTINEL_FAILOVER_TIMEOUT_MILLISECONDS"
  printf 'sentinel parallel-syncs %s 1\n' "$MASTER_NAME"
  printf 'sentinel sentinel-user operator\nsentinel sentinel-pass %s\n' "$REDIS_PASSWORD"
  printf 'user operator on >%s ~* &* +@all\n' "$REDIS_PASSWORD"
  cat "$TEMPLATE_DIRECTORY/sentinel.conf"
}

umask 077
{ write_state; write_settings; } >"$configuration.new"
# Half a file would be taken for what it knew.
mv "$configuration.new" "$configuration"
exec redis-server "$configuration" --sentinel
