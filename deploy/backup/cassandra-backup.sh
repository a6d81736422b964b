#!/bin/sh
# Writes what one node holds of a keyspace into one file: cassandra-backup.sh KEYSPACE FILE. To be run
# on every node, at about the same time; the schema is in the migrations. - as FILE is standard output.
set -eu

[ $# -eq 2 ] || { echo "usage: ${0##*/} KEYSPACE FILE" >&2; exit 2; }
keyspace=$1 file=$2
data=${CASSANDRA_DATA:-/var/lib/cassandra/data}
name=backup-$(date -u +%Y%m%dT%H%M%SZ)-$$

clear_snapshot() { nodetool clearsnapshot -t "$name" "$keyspace" >/dev/null; }

umask 077
# Opened before `cd`, which would make a different file of a relative name.
if [ "$file" != - ]; then exec >"$file.new"; fi
# A snapshot that stays behind keeps deleted messages on the disk. A shell such as dash ends by a signal
# without its EXIT trap.
trap clear_snapshot EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
nodetool snapshot -t "$name" "$keyspace" >/dev/null
# TABLE-ID/snapshots/NAME/…: the files of a snapshot never change. Without one tar fails.
(cd "$data/$keyspace" && tar --create --file=- ./*/snapshots/"$name")
[ "$file" = - ] || mv "$file.new" "$file"
