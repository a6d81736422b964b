#!/bin/sh
# Whether the Redis server of this pod may be counted on: a master, or a replica in step with one.
set -eu
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "$0")/common.sh"

need OWN_PORT REDIS_PASSWORD
state=$(ask_redis "$(own_server)" info replication | tr -d '\r')
case $state in
  *role:master*) ;;
  *master_link_status:up*) ;;
  *) die 'a replica without its master, or no answer' ;;
esac
