#!/bin/sh
# Copies the files of a STORAGE_DIRECTORY into another folder, which may hold an earlier copy; the same
# way back: files-backup.sh FROM TO. Run it after the backup of the database: what that one names is
# then there. Files never change, so those that are there already are not copied again.
set -eu

[ $# -eq 2 ] || { echo "usage: ${0##*/} FROM TO" >&2; exit 2; }
[ -d "$1" ] || { echo "$1 is no directory" >&2; exit 1; }
umask 077
mkdir -p "$2"
to=$(cd "$2" && pwd -P)
cd "$1"
case $to/ in "$(pwd -P)"/*) echo "$2 is in $1; expected a folder elsewhere" >&2; exit 1 ;; esac
# `find` runs the copying, and no pipe: then it fails if one file, or one folder, cannot be read.
# .part is an upload under way, .new what an earlier copy has left when it was stopped.
# The inner shell expands.
# shellcheck disable=SC2016
find . -type f ! -name '*.part' ! -name '*.new' -exec sh -euc '
  to=$1
  shift
  for file; do
    [ ! -e "$to/$file" ] || continue
    mkdir -p "$to/${file%/*}"
    # Half a file must not look like a whole one. One that was deleted meanwhile is no loss.
    if cp -p "$file" "$to/$file.new"; then mv "$to/$file.new" "$to/$file"; elif [ -e "$file" ]; then exit 1; fi
  done' copy "$to" {} +
