#!/bin/sh
# Copies the bucket of docker-compose.yml into /backup, or back: copy-files.sh save, or restore. What is
# there and the same is not copied again. docs/backup.md has the command around it.
set -eu
umask 077

server=minio
case ${1-} in
  save) from=$server/$S3_BUCKET to=/backup ;;
  restore) from=/backup to=$server/$S3_BUCKET ;;
  *) echo "usage: ${0##*/} save | restore" >&2; exit 2 ;;
esac
mc --quiet alias set "$server" "${MINIO_URL:-http://minio:9000}" "$MINIO_ROOT_USER" "$MINIO_ROOT_PASSWORD"
# The job that makes the bucket may not have come so far.
[ "$1" = save ] || mc --quiet mb --ignore-existing "$to"
mc --quiet mirror --preserve --overwrite "$from" "$to"
