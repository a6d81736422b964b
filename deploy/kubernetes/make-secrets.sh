#!/bin/sh
# Creates the Secrets of overlays/production: README.md, Secrets. A value comes from the environment,
# from --from FILE (lines NAME=value, without quotes), or from a question that shows no answer; what can
# be generated is. No value is printed, or is an argument of a program. A Secret that exists stays as it
# is; with --replace its keys that are given here are replaced, those that it lacks are added, and all
# others are kept.
set -eu

usage() {
  echo "usage: ${0##*/} [--namespace NAME] [--from FILE] [--replace] [--dry-run]" >&2
  exit 2
}
stop() { echo "$*" >&2; exit 1; }

generated='JWT_SECRET FACTOR_SECRET SIGNALS_TOKEN TURN_SECRET REDIS_PASSWORD'
asked='DATABASE_URL SMTP_URL CASSANDRA_USERNAME CASSANDRA_PASSWORD S3_ACCESS_KEY S3_SECRET_KEY'
optional='JWT_SECRET_PREVIOUS SIGNING_KEYS_SECRET SIGNING_KEYS_SECRET_PREVIOUS FACTOR_SECRET_PREVIOUS'
optional="$optional TURN_SECRET_PREVIOUS VAPID_PUBLIC_KEY VAPID_PRIVATE_KEY PUSH_SECRET PUSH_SECRET_PREVIOUS"

namespace=secureconnect file='' replace=no dry_run=no
while [ $# -gt 0 ]; do
  case $1 in
    --namespace) [ $# -gt 1 ] || usage; namespace=$2; shift ;;
    --from) [ $# -gt 1 ] || usage; file=$2; shift ;;
    --replace) replace=yes ;;
    --dry-run) dry_run=yes ;;
    *) usage ;;
  esac
  shift
done

is_in() { case " $2 " in *" $1 "*) ;; *) return 1 ;; esac; }
value_of() { eval "printf '%s' \"\${$1-}\""; }
secret_of() { [ "$1" = REDIS_PASSWORD ] && echo redis || echo secureconnect; }
key_of() { [ "$1" = REDIS_PASSWORD ] && echo password || echo "$1"; }

# The variables of FILE, unless the environment has them.
read_file() {
  [ -r "$1" ] || stop "$1 cannot be read; expected a file with lines NAME=value."
  while IFS= read -r line || [ -n "$line" ]; do
    # Of an editor of Windows; it would be the last character of the secret.
    line=${line%"$carriage_return"}
    case $line in '' | '#'*) continue ;; esac
    case $line in *=*) name=${line%%=*} ;; *) name='' ;; esac
    case $name in *[!A-Z0-9_]*) name='' ;; esac
    is_in "${name:-none}" "$generated $asked $optional" ||
      stop "$1 has a line that is not NAME=value with the name of a secret; README.md, Secrets, lists the names."
    case ${line#*=} in
      \"*\" | \'*\') stop "$1 has $name in quotes, which would be part of the secret. Remove them." ;;
    esac
    [ -n "$(value_of "$name")" ] || eval "$name=\${line#*=}"
  done <"$1"
}

# A line "SECRET KEY" for each key that is there.
present_keys() {
  kubectl get namespace "$namespace" -o name >/dev/null ||
    stop "The namespace $namespace cannot be read. Create it: kubectl apply -f ${0%/*}/base/namespace.yaml"
  # The dollars are the template's.
  # shellcheck disable=SC2016
  template='{{range .items}}{{$secret := .metadata.name}}{{range $key, $_ := .data}}{{$secret}} {{$key}}{{"\n"}}{{end}}{{end}}'
  kubectl -n "$namespace" get secret secureconnect redis --ignore-not-found -o "go-template=$template"
}
exists() { case "$newline$present" in *"$newline$1 "*) ;; *) return 1 ;; esac; }
has_key() { case "$newline$present$newline" in *"$newline$1 $2$newline"*) ;; *) return 1 ;; esac; }

# What to do about a variable: keep, given, generate, ask or nothing.
plan_of() {
  secret=$(secret_of "$1")
  if exists "$secret" && [ $replace = no ]; then echo keep
  elif [ -n "$(value_of "$1")" ]; then echo given
  elif has_key "$secret" "$(key_of "$1")"; then echo keep
  elif is_in "$1" "$generated"; then echo generate
  elif is_in "$1" "$asked"; then echo ask
  else echo nothing
  fi
}

# 256 bits as hexadecimal digits.
new_secret() { od -An -v -N32 -tx1 /dev/urandom | tr -d ' \n'; }

generate() {
  eval "$1=\$(new_secret)"
  [ "$(value_of "$1" | wc -c)" -eq 64 ] || stop '/dev/urandom gave no secret; nothing was created.'
}

ask() {
  [ -t 0 ] || stop "$1 is not set, and there is no terminal to ask. Set it, or add it to a file for --from."
  saved=$(stty -g)
  trap 'stty "$saved"; echo >&2; exit 1' INT TERM HUP
  stty -echo
  printf '%s: ' "$1" >&2
  IFS= read -r "$1" || true
  stty "$saved"
  trap - INT TERM HUP
  echo >&2
}

check() {
  value=$(value_of "$1")
  expected=''
  [ -n "$value" ] || expected='a value'
  case $1:$value in
    DATABASE_URL:postgres://?* | DATABASE_URL:postgresql://?*) ;;
    DATABASE_URL:*) expected='a postgresql:// URL' ;;
    SMTP_URL:smtp://?* | SMTP_URL:smtps://?*) ;;
    SMTP_URL:*) expected='an smtp:// or smtps:// URL' ;;
    REDIS_PASSWORD:*[!A-Za-z0-9._~-]*) expected='letters, digits and . _ ~ - alone' ;;
    REDIS_PASSWORD:????????????????*) ;;
    REDIS_PASSWORD:*) expected='16 characters or more' ;;
  esac
  [ -z "$expected" ] || stop "$1 has a value that is not allowed; expected $expected. Nothing was created."
}

encoded() { value_of "$1" | base64 | tr -d '\n'; }

# $1: a Secret; $2: its variables.
manifest() {
  printf -- '---\napiVersion: v1\nkind: Secret\nmetadata:\n  name: %s\n  namespace: %s\ndata:\n' "$1" "$namespace"
  for each in $2; do printf '  %s: %s\n' "$(key_of "$each")" "$(encoded "$each")"; done
}
merge_patch() {
  separator='{"data":{'
  for each in $1; do
    printf '%s"%s":"%s"' "$separator" "$(key_of "$each")" "$(encoded "$each")"
    separator=,
  done
  printf '}}'
}

# Everything of one Secret that is to be written; says so where it is not.
write() {
  if [ -z "$2" ]; then echo "Secret $1 exists and was not changed."
  elif exists "$1"; then
    merge_patch "$2" | kubectl -n "$namespace" patch secret "$1" --type merge --patch-file /dev/stdin
  # Not `apply`, which would write the values into an annotation, and not over one that came meanwhile.
  else manifest "$1" "$2" | kubectl create -f -
  fi
}

newline='
'
carriage_return=$(printf '\r')
[ -z "$file" ] || read_file "$file"
present=$(present_keys)
secureconnect='' redis=''
for name in $generated $asked $optional; do
  plan=$(plan_of "$name")
  [ $dry_run = no ] || [ "$plan" = nothing ] || echo "$(secret_of "$name") $(key_of "$name"): $plan"
  [ $dry_run = no ] || continue
  case $plan in
    keep | nothing) continue ;;
    generate) generate "$name" ;;
    ask) ask "$name" ;;
  esac
  check "$name"
  if [ "$(secret_of "$name")" = redis ]; then redis="$redis $name"; else secureconnect="$secureconnect $name"; fi
done
[ $dry_run = no ] || exit 0
write secureconnect "$secureconnect"
write redis "$redis"
