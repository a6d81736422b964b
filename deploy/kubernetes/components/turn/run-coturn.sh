#!/bin/sh
# Runs coturn with turnserver.conf, the secrets and the addresses. These are written to a file, because
# lists of processes show arguments. Arguments are passed on to coturn.
#   TURN_SECRET            the secret that video has too
#   TURN_SECRET_PREVIOUS   the one before, during a rotation; may be empty
#   TURN_RELAY_IP          the address of this machine or container from which coturn relays
#   TURN_EXTERNAL_IP       the address by which clients reach that one, if it is a different one
set -eu

directory=$(cd "$(dirname "$0")" && pwd)
own=${TMPDIR:-/tmp}/coturn.conf
umask 077
{
  cat "$directory/turnserver.conf"
  echo "pidfile=${TMPDIR:-/tmp}/turnserver.pid"
  echo "static-auth-secret=${TURN_SECRET:?is not set}"
  if [ -n "${TURN_SECRET_PREVIOUS:-}" ]; then
    echo "static-auth-secret=$TURN_SECRET_PREVIOUS"
  fi
  echo "relay-ip=${TURN_RELAY_IP:?is not set}"
  echo "allowed-peer-ip=$TURN_RELAY_IP"
  if [ -n "${TURN_EXTERNAL_IP:-}" ] && [ "$TURN_EXTERNAL_IP" != "$TURN_RELAY_IP" ]; then
    echo "external-ip=$TURN_EXTERNAL_IP/$TURN_RELAY_IP"
  fi
} >"$own"
unset TURN_SECRET TURN_SECRET_PREVIOUS
exec turnserver -c "$own" "$@"
