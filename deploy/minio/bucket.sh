#!/bin/sh
# Makes the bucket where it is missing, and the key that storage uses: it reaches this bucket and no other.
set -eu

server=minio
mc --quiet alias set "$server" "${MINIO_URL:-http://minio:9000}" "$MINIO_ROOT_USER" "$MINIO_ROOT_PASSWORD"
mc --quiet mb --ignore-existing "$server/$S3_BUCKET"

policy=$(mktemp)
cat >"$policy" <<END
{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": "s3:*",
      "Resource": ["arn:aws:s3:::$S3_BUCKET", "arn:aws:s3:::$S3_BUCKET/*"]
    }
  ]
}
END
mc --quiet admin policy create "$server" secureconnect-files "$policy"
# A key that is there gets the secret of now.
mc --quiet admin user add "$server" "$S3_ACCESS_KEY" "$S3_SECRET_KEY"
attached=$(mc --quiet admin policy entities "$server" --user "$S3_ACCESS_KEY")
case $attached in
  *secureconnect-files*) ;;
  *) mc --quiet admin policy attach "$server" secureconnect-files --user "$S3_ACCESS_KEY" ;;
esac
echo "The bucket $S3_BUCKET and its key are there."
