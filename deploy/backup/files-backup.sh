#!/bin/sh
# Copies the files of a STORAGE_DIRECTORY into another folder, which may hold an earlier copy; the same
# way back: files-backup.sh FROM TO. Run it after the backup of the database: what that one names is
# then there. Files never change, so those that are there already are not copied again.
set -eu

[ $# -eq 2 ] || { echo "usage: ${0##*/} FROM TO" >&2; exit 2; }
[ -d "$1" ] || { echo "$1 is no directory" >&2; exit 1; }
umask 077
mkdir -p "$2"
to=$(cd "$2" && pwd)
cd "$1"
find . -type f | while IFS= read -r file; do
  [ ! -e "$to/$file" ] || continue
  mkdir -p "$to/$(dirname "$file")"
  # Half a file must not look like a whole one. One that was deleted meanwhile is no loss.
  if cp -p "$file" "$to/$file.new"; then mv "$to/$file.new" "$to/$file"; elif [ -e "$file" ]; then exit 1; fi
done
