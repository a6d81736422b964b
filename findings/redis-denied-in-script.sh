#!/usr/bin/env bash
# Redis 7.0.15: what an ACL denies has the error code NOPERM, except inside of a script, where the same
# denial has ERR, the code of a mistake in the script. READONLY and OOM keep their codes there. So a
# client that tells a missing right from a mistake by the code, as the documentation of NOPERM says,
# does not for whatever works by scripts: limits, locks, queues.
# Needs redis-server 7 and redis-cli on PATH.
set -euo pipefail

folder=$(mktemp -d)
server=
clean_up() {
  if [[ -n $server ]]; then
    kill "$server" || true
    wait "$server" || true
  fi
  rm -rf "$folder"
}
trap clean_up EXIT

redis-server --version
redis-server --port 0 --unixsocket "$folder/redis.sock" --save '' --dir "$folder" >"$folder/log" 2>&1 &
server=$!
ask() { redis-cli -s "$folder/redis.sock" "$@"; }
for _ in {1..100}; do
  if ask PING 2>/dev/null | grep -q PONG; then break; fi
  sleep 0.1
done

ask ACL SETUSER app on '>app' '~*' '&*' '+@all' -set >/dev/null
script="return redis.call('SET', KEYS[1], 'value')"
as_app() { ask --user app --pass app --no-auth-warning "$@" | head -n 1; }
codes=()
# What is denied or refused, outside and inside of a script.
try() {
  local what=$1 outside=$2 inside=$3
  printf '%s\n  command: %s\n  script:  %s\n' "$what" "$outside" "$inside"
  codes+=("${outside%% *}" "${inside%% *}")
}
try 'denied by the ACL' "$(as_app SET key value)" "$(as_app EVAL "$script" 1 key)"
ask CONFIG SET maxmemory 1 >/dev/null
try 'out of memory' "$(ask SET key value)" "$(ask EVAL "$script" 1 key)"
ask CONFIG SET maxmemory 0 >/dev/null
ask REPLICAOF 127.0.0.1 1 >/dev/null
try 'read-only replica' "$(ask SET key value)" "$(ask EVAL "$script" 1 key)"
[[ ${codes[*]} == 'NOPERM ERR OOM OOM READONLY READONLY' ]]
