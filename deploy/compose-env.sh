#!/bin/sh
# The .env of docker-compose.yml, without Node.js: `deploy/compose-env.sh` writes one with new secrets, or
# adds the required variables that it lacks; a value that is there never changes, because databases keep
# the password that they were created with. `deploy/compose-env.sh --check` prints what is wrong in it,
# a line each, and exits with 1 if there is anything.
set -eu
umask 077
cd "$(dirname "$0")/.."

# 256 bits as hexadecimal digits, because some secrets are part of URLs.
new_secret() { od -An -v -N32 -tx1 /dev/urandom | tr -d ' \n'; }

# What compose-env.awk says of .env: `unset` names, or `faults`.
ask() {
  files=docker-compose.yml
  [ "$1" = unset ] || files=$(echo docker-compose*.yml)
  # The words of $files are file names without spaces.
  # shellcheck disable=SC2086
  awk -v "ask=$1" -f deploy/compose-env.awk kind=compose $files \
    kind=example .env.production.example kind=env .env
}

check() {
  [ -f .env ] || { echo '.env does not exist. Run deploy/compose-env.sh.' >&2; exit 1; }
  faults=$(ask faults)
  if [ -n "$(find .env \( -perm -040 -o -perm -004 \))" ]; then
    faults=$(printf '%s\n.env can be read by other users. Run chmod 600 .env.' "$faults")
  fi
  [ -z "$faults" ] || { printf '%s\n' "$faults" | sed '/^$/d' >&2; exit 1; }
  echo '.env: every required variable is set, and every name is known.'
}

begin_file() {
  cat >.env <<'END'
# Created by deploy/compose-env.sh; the secrets belong to this installation alone.
# .env.production.example explains each variable, and lists the others.
COMPOSE_PROJECT_NAME=secureconnect
# Prometheus with Alertmanager, exporters of Redis and PostgreSQL, and Grafana. Remove the name of one
# whose image you cannot pull.
COMPOSE_PROFILES=monitoring,exporters,grafana
END
}

# A line for each variable that is named.
new_lines() {
  for name; do
    if [ "$name" = SMTP_URL ]; then
      echo '# Your mail server. Without it, password resets are not mailed.'
      echo 'SMTP_URL=smtp://localhost:25'
      continue
    fi
    secret=$(new_secret)
    [ ${#secret} -eq 64 ] || { echo '/dev/urandom gave no secret; nothing was added.' >&2; exit 1; }
    echo "$name=$secret"
  done
}

write() {
  [ -e .env ] || begin_file
  chmod 600 .env
  names=$(ask unset)
  [ -n "$names" ] || { echo '.env has every required variable and was not changed.'; exit 0; }
  # Names have no spaces.
  # shellcheck disable=SC2086
  set -- $names
  lines=$(new_lines "$@")
  # A last line without an end would swallow the first of these.
  [ -z "$(tail -c 1 .env)" ] || echo >>.env
  printf '%s\n' "$lines" >>.env
  echo "Wrote to .env: $*."
  echo 'Set SMTP_URL in it to your mail server. deploy/compose-env.sh --check examines it.'
}

case $# in
  0) write ;;
  1) [ "$1" = --check ] || { echo "unknown option $1; expected --check" >&2; exit 2; }; check ;;
  *) echo "usage: ${0##*/} [--check]" >&2; exit 2 ;;
esac
