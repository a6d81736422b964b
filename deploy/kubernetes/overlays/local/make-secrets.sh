#!/bin/sh
# Creates secrets.env, the source of the overlay's Secret. Keeps an existing file, because the
# database keeps its first password.
set -eu
cd "$(dirname "$0")"

if [ -e secrets.env ]; then
  echo 'secrets.env exists and was not changed.'
  exit 0
fi
random() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }
database_password=$(random)
redis_password=$(random)
umask 077
cat >secrets.env <<END
DATABASE_PASSWORD=$database_password
DATABASE_URL=postgresql://secureconnect:$database_password@postgres:5432/secureconnect
REDIS_PASSWORD=$redis_password
REDIS_URL=redis://:$redis_password@redis:6379
JWT_SECRET=$(random)
FACTOR_SECRET=$(random)
SIGNALS_TOKEN=$(random)
END
echo 'secrets.env was created.'
