#!/bin/sh
# Makes secrets.env, from which the overlay makes the Secret; leaves one alone that is there, because
# the database keeps the password that it was made with.
set -eu
cd "$(dirname "$0")"

if [ -e secrets.env ]; then
  echo 'secrets.env is there already.'
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
SIGNALS_TOKEN=$(random)
END
echo 'secrets.env is made.'
