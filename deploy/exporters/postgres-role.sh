#!/bin/sh
# The role by which postgres-exporter reads statistics: it reads no table of ours and writes nothing.
# Runs whenever the stack is started, so that a new EXPORTER_PASSWORD holds. With PGHOST, PGUSER and
# PGPASSWORD of an administrator.
set -eu

tries=0
until pg_isready --quiet; do
  tries=$((tries + 1))
  [ "$tries" -lt 120 ] || { echo "PostgreSQL at $PGHOST has not answered for 120 s." >&2; exit 1; }
  sleep 1
done

psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 <<'END'
\getenv password EXPORTER_PASSWORD
SELECT 'CREATE ROLE secureconnect_exporter'
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'secureconnect_exporter') \gexec
ALTER ROLE secureconnect_exporter LOGIN CONNECTION LIMIT 5 PASSWORD :'password';
ALTER ROLE secureconnect_exporter SET default_transaction_read_only = on;
ALTER ROLE secureconnect_exporter SET statement_timeout = '3s';
GRANT pg_monitor TO secureconnect_exporter;
END
