#!/bin/sh
# Copies the bucket of an S3 into another one, or into a folder, and back the same way:
# bucket-backup.sh FROM TO, each ALIAS/BUCKET of MinIO's client mc, or a folder. Run it after the
# backup of the database: what that one names is then there.
set -eu

[ $# -eq 2 ] || { echo "usage: ${0##*/} FROM TO" >&2; exit 2; }
# What is there and the same is not copied again.
mc mirror --quiet --preserve --overwrite "$1" "$2"
