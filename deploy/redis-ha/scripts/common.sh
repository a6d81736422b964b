# shellcheck shell=sh
# What the scripts of the pods share. Sourced, never run.
#
# Each pod is given:
#   REDIS_HOSTS      every Redis server, host:port separated by blanks; the first is the first master
#   SENTINEL_HOSTS   every sentinel, likewise
#   MASTER_NAME      what the sentinels call the master
#   REDIS_PASSWORD   of the servers, and of the sentinels' user "operator"
#   OWN_HOST         the name that others reach this pod by
#   OWN_PORT         and the port
#   DATA_DIRECTORY   survives the pod
#   RUN_DIRECTORY    need not; holds the password, so it is best in memory
#   TEMPLATE_DIRECTORY   redis.conf and sentinel.conf, to which the scripts add what differs
#   SENTINEL_DOWN_AFTER_MILLISECONDS, SENTINEL_FAILOVER_TIMEOUT_MILLISECONDS
#   BIND_ADDRESS     where to listen; every address where it is not set

# A peer that is away must not hold up the start for long.
ask_seconds=2

say() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }
die() { say "$*"; exit 1; }

need() { # NAME…
  for name in "$@"; do
    eval "value=\${$name-}"
    [ -n "${value:-}" ] || die "$name is not set"
  done
}

# The password is put into configuration files between double quotes.
need_plain_password() {
  need REDIS_PASSWORD
  case $REDIS_PASSWORD in
    *[!A-Za-z0-9._~-]*) die 'REDIS_PASSWORD holds other characters than letters, digits and . _ ~ -' ;;
  esac
  [ "${#REDIS_PASSWORD}" -ge 16 ] || die 'REDIS_PASSWORD has less than 16 characters'
}

host_of() { printf '%s' "${1%:*}"; }
port_of() { printf '%s' "${1##*:}"; }
# Of the sentinels: as many must answer at a start, and agree on a failover.
# shellcheck disable=SC2086 # one word a sentinel
majority() { set -- $SENTINEL_HOSTS; echo $(($# / 2 + 1)); }
first_redis() { printf '%s' "${REDIS_HOSTS%% *}"; }

bind_addresses() { printf '%s' "${BIND_ADDRESS:-* -::*}"; }
# Its own name may not lead here any more when the pod ends.
own_server() { printf '%s:%s' "${BIND_ADDRESS:-127.0.0.1}" "$OWN_PORT"; }

# The password is not shown in the list of processes.
ask() { # HOST:PORT COMMAND…
  address=$1
  shift
  timeout "$ask_seconds" redis-cli -h "$(host_of "$address")" -p "$(port_of "$address")" "$@" 2>/dev/null
}
ask_redis() { # HOST:PORT COMMAND…
  REDISCLI_AUTH=$REDIS_PASSWORD ask "$@"
}

# What one sentinel knows, as "EPOCH HOST:PORT"; nothing where it does not answer.
master_of_sentinel() { # HOST:PORT
  ask "$1" sentinel master "$MASTER_NAME" | awk '
    NR % 2 { name = $0; next }
    { value[name] = $0 }
    END { if (value["ip"] != "") print value["config-epoch"], value["ip"] ":" value["port"] }'
}

# What the sentinels know, a line each. This pod leaves itself out where it is one of them.
known_masters() {
  for sentinel in $SENTINEL_HOSTS; do
    [ "$sentinel" = "$OWN_HOST:$OWN_PORT" ] || master_of_sentinel "$sentinel"
  done
}

# wait_while SECONDS COMMAND…: until the command fails, or so long; $waited says how long it took.
wait_while() {
  longest=$1
  shift
  waited=0
  while "$@" && [ "$waited" -lt "$longest" ]; do
    sleep 1
    waited=$((waited + 1))
  done
}

# Of such lines the master of the latest epoch: each failover has one of its own, and the later wins.
latest() { sort -n | tail -n 1 | cut -d ' ' -f 2; }

# "master" or "slave"; nothing where it does not answer.
role_of() { # HOST:PORT
  ask_redis "$1" role | head -n 1
}
replicas_of() { # HOST:PORT
  ask_redis "$1" info replication | tr -d '\r' | sed -n 's/^connected_slaves://p'
}
