#!/bin/sh
# Brings back what a node held of a keyspace: cassandra-restore.sh KEYSPACE FILE. The migrations have
# made the tables; what is in them stays. To be run on one node with the file of each; - as FILE is
# standard input.
set -eu

[ $# -eq 2 ] || { echo "usage: ${0##*/} KEYSPACE FILE" >&2; exit 2; }
keyspace=$1 file=$2
# Cassandra reads KEYSPACE/TABLE-ID out of the path, and finds nothing in one of other characters.
folder=$(mktemp -d "${CASSANDRA_IMPORT:-/var/lib/cassandra}/import_XXXXXX")
mkdir "$folder/$keyspace"

remove_folder() { rm -rf "$folder"; }
holds_tables() { [ -n "$(find "$1" -name '*-Data.db' -print -quit)" ]; }
tables_of() { nodetool tablestats "$keyspace.$1" | sed -n 's/^[[:space:]]*SSTable count: //p'; }

trap remove_folder EXIT
tar --extract --file="$file" --directory="$folder/$keyspace"
chmod -R a+rX "$folder"
for path in "$folder/$keyspace"/*/snapshots/*; do
  holds_tables "$path" || continue
  directory=$(dirname "$(dirname "$path")")
  # TABLE-ID: the table that the migrations made has another id.
  table=$(basename "${directory%-*}")
  nodetool import --copy-data "$keyspace" "$table" "$path"
  # It also ends well where it found nothing.
  [ "$(tables_of "$table")" -gt 0 ] || { echo "nothing of $table was imported" >&2; exit 1; }
done
