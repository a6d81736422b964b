#!/bin/sh
# Writes the five schemas of SecureConnect into one file, as they were at one moment, while everything
# goes on: postgres-backup.sh FILE, with DATABASE_URL. Needs a pg_dump no older than the server.
set -eu

[ $# -eq 1 ] || { echo "usage: ${0##*/} FILE" >&2; exit 2; }
# shellcheck source-path=SCRIPTDIR source=postgres-url.sh
. "$(dirname "$0")/postgres-url.sh"

umask 077
pg_dump --format=custom --no-owner --no-privileges \
  --schema=auth --schema=chat --schema=gateway --schema=storage --schema=video \
  --file="$1.new" "$url"
# What cannot be listed cannot be restored either.
pg_restore --list "$1.new" >/dev/null
mv "$1.new" "$1"
