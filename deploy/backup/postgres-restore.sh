#!/bin/sh
# Brings the schemas of a backup into a database that has none of them: postgres-restore.sh FILE, with
# DATABASE_URL. All of it is restored, or nothing. The services must be stopped.
set -eu

[ $# -eq 1 ] || { echo "usage: ${0##*/} FILE" >&2; exit 2; }
# shellcheck source-path=SCRIPTDIR source=postgres-url.sh
. "$(dirname "$0")/postgres-url.sh"

pg_restore --exit-on-error --single-transaction --no-owner --no-privileges \
  --dbname="$url" "$1"
# Without statistics the first queries would be slow.
psql --quiet --dbname="$url" --command=ANALYZE
