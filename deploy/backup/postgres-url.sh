# shellcheck shell=sh
# shellcheck disable=SC2034 # url is for whoever sources this
# Takes the password out of DATABASE_URL, for programs that are given the URL: every user of the machine
# can read their command lines, and only who runs them their environment. Sets url and exports
# PGPASSWORD, which libpq reads. Sourced, never run.
: "${DATABASE_URL:?is not set; expected a postgresql:// URL}"

# %41 becomes A; by bytes, in whatever encoding the password is.
percent_decoded() { # TEXT
  printf '%s' "$1" | LC_ALL=C awk '
    BEGIN { for (byte = 1; byte < 256; byte++) of[sprintf("%02x", byte)] = sprintf("%c", byte) }
    {
      for (rest = $0; match(rest, /%[0-9A-Fa-f][0-9A-Fa-f]/); rest = substr(rest, RSTART + 3))
        printf "%s%s", substr(rest, 1, RSTART - 1), of[tolower(substr(rest, RSTART + 1, 2))]
      printf "%s", rest
    }'
}

url=$DATABASE_URL
after_scheme=${DATABASE_URL#*://}
authority=${after_scheme%%[/?]*}
case $authority in
  *:*@*)
    user_and_password=${authority%%@*}
    url="${DATABASE_URL%%://*}://${user_and_password%%:*}@${authority#*@}${after_scheme#"$authority"}"
    PGPASSWORD=$(percent_decoded "${user_and_password#*:}")
    export PGPASSWORD
    ;;
esac
