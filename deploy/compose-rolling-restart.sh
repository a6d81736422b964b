#!/bin/sh
# Replaces the containers of a stack with docker-compose.scale.yml by new ones, of the images and
# settings that .env names now, while the other instance of each service serves; the gateways last.
# `--gateways-first` is for a rollback. .env names the files and profiles: COMPOSE_FILE and
# COMPOSE_PROFILES (docs/docker.md).
set -eu
cd "$(dirname "$0")/.."

# A service drains for at most 14 s.
stop_seconds=20
ready_seconds=120
# The gateways resolve the names of instances every 2 s, the load balancer every second.
settle_seconds=3

gateways_first=false
case ${1-} in
  '') ;;
  --gateways-first) gateways_first=true ;;
  *)
    echo "Unknown option $1; expected --gateways-first or none." >&2
    exit 2
    ;;
esac

version=$(docker inspect --format '{{index .Config.Labels "com.docker.compose.version"}}' api-gateway-2) || {
  echo 'There is no second gateway. Start the stack with docker-compose.scale.yml: docs/docker.md.' >&2
  exit 1
}
case $version in
  1.*) compose() { docker-compose "$@"; } ;;
  *) compose() { docker compose "$@"; } ;;
esac

# The check of its image, more often than the engine runs it, and as there it has 5 s: a service may
# accept a connection and not answer.
is_ready() {
  check=$(docker inspect --format '{{index .Config.Healthcheck.Test 3}}' "$1" 2>/dev/null) &&
    docker exec "$1" timeout 5 bash -c "$check" 2>/dev/null
}

not_ready=''
until_ready() {
  deadline=$(($(date +%s) + ready_seconds))
  until is_ready "$1"; do
    if [ "$(date +%s)" -gt $deadline ]; then
      echo "$1 is not ready $ready_seconds s after its start, and nothing else was replaced. See docker logs $1." >&2
      not_ready=$1
      exit 1
    fi
    sleep 0.5
  done
}

# replace NAME…: at the same time.
replace() {
  began=$(date +%s)
  compose up -d --no-deps --no-build --force-recreate --timeout $stop_seconds "$@"
  for name; do until_ready "$name"; done
  sleep $settle_seconds
  echo "$*: replaced in $(($(date +%s) - began)) s"
}

replace_services() {
  for suffix in '' -2; do
    replace "auth-service$suffix" "chat-service$suffix"
    replace "video-service$suffix" "storage-service$suffix"
  done
}

keep_from_gateway() { docker exec load-balancer touch "/tmp/without-gateway-$1"; }
give_to_gateways() { docker exec load-balancer rm -f /tmp/without-gateway-1 /tmp/without-gateway-2; }

# The load balancer asks the other gateway from before the stop until the new one is ready.
replace_gateway() {
  keep_from_gateway "$1"
  replace "$2"
  give_to_gateways
  sleep 1
}

replace_gateways() {
  replace_gateway 1 api-gateway
  replace_gateway 2 api-gateway-2
}

# A gateway that is not ready gets no requests; whatever else ends this, both get them.
give_back() {
  case $not_ready in
    api-gateway*)
      echo "The load balancer asks the other gateway alone. Run this again when $not_ready can start; a rollback gives it requests again too." >&2
      ;;
    *) give_to_gateways ;;
  esac
}

trap give_back EXIT
# Ctrl-C and a lost terminal too: a shell such as dash then ends without its EXIT trap.
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
if $gateways_first; then
  replace_gateways
  replace_services
else
  replace_services
  replace_gateways
fi
