#!/bin/sh
# Before a pod ends: a master hands over, so that nobody waits for the sentinels to miss it. Whatever
# happens here the pod ends, and what did not succeed the sentinels do five seconds later.
set -eu
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "$0")/common.sh"

hand_over_seconds=15
# A sentinel looks at each server every ten seconds.
agreement_seconds=12

need SENTINEL_HOSTS MASTER_NAME OWN_HOST OWN_PORT
need_plain_password

start_failover() { # HOST:PORT OF A SENTINEL
  [ "$(REDISCLI_AUTH=$REDIS_PASSWORD ask "$1" --user operator sentinel failover "$MASTER_NAME")" = OK ]
}

# A master of before that has come back is made a replica by each sentinel by itself. One that has not
# seen that it is one already does so again, also just after this script has made that server the
# master; then there is none, and no end to it. So nobody may take a replica for a master any more.
taken_for_master() {
  for sentinel in $SENTINEL_HOSTS; do
    ask "$sentinel" sentinel replicas "$MASTER_NAME"
  done | awk '
    previous == "flags" { flags = $0 }
    previous == "role-reported" && $0 == "master" && flags !~ /down|disconnected/ { found = 1 }
    { previous = $0 }
    END { exit !found }'
}

is_still_known() { [ "$(known_masters | latest)" = "$OWN_HOST:$OWN_PORT" ]; }

[ "$(role_of "$(own_server)")" = master ] || exit 0
wait_while "$agreement_seconds" taken_for_master
for sentinel in $SENTINEL_HOSTS; do
  if start_failover "$sentinel"; then break; fi
done
# Its clients follow the sentinels; that it is demoted itself takes some ten seconds more.
wait_while "$hand_over_seconds" is_still_known
say "after $waited s the master is $(known_masters | latest)"
