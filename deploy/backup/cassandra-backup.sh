#!/bin/sh
# Writes what one node holds of a keyspace into one file: cassandra-backup.sh KEYSPACE FILE. To be run
# on every node, at about the same time; the schema is in the migrations. - as FILE is standard output.
set -eu

[ $# -eq 2 ] || { echo "usage: ${0##*/} KEYSPACE FILE" >&2; exit 2; }
keyspace=$1 file=$2
data=${CASSANDRA_DATA:-/var/lib/cassandra/data}
name=backup-$(date -u +%Y%m%dT%H%M%SZ)-$$

clear_snapshot() { nodetool clearsnapshot -t "$name" "$keyspace" >/dev/null; }

nodetool snapshot -t "$name" "$keyspace" >/dev/null
trap clear_snapshot EXIT
umask 077
cd "$data/$keyspace"
# TABLE-ID/snapshots/NAME/…: the files of a snapshot never change.
archive() {
  find . -path "./*/snapshots/$name/*" -type f -print0 | tar --create --null --files-from=- --file="$1"
}

if [ "$file" = - ]; then
  archive -
else
  archive "$file.new"
  mv "$file.new" "$file"
fi
