# What an .env lacks, or has and should not: called by compose-env.sh. Its operands are kind=compose and
# Compose files, kind=example and .env.production.example, kind=env and the .env. With ask=unset it prints
# the names of required variables without a value, with ask=faults a line for each fault. It never prints
# a value, because most are secrets.

BEGIN {
  own = "COMPOSE_FILE COMPOSE_PROFILES COMPOSE_PROJECT_NAME COMPOSE_PATH_SEPARATOR COMPOSE_PARALLEL_LIMIT"
  own = own " COMPOSE_IGNORE_ORPHANS COMPOSE_REMOVE_ORPHANS COMPOSE_HTTP_TIMEOUT COMPOSE_DOCKER_CLI_BUILD"
  own = own " COMPOSE_BAKE COMPOSE_ANSI COMPOSE_PROGRESS COMPOSE_MENU COMPOSE_STATUS_STDOUT"
  own = own " DOCKER_HOST DOCKER_CONTEXT DOCKER_CERT_PATH DOCKER_TLS_VERIFY DOCKER_BUILDKIT"
  own = own " DOCKER_DEFAULT_PLATFORM BUILDKIT_PROGRESS"
  split(own, names, " ")
  for (i in names) known[names[i]] = 1
}

{ sub(/\r$/, "") }

kind == "compose" {
  read_profiles($0)
  text = $0
  # $$NAME is for the shell in a container.
  gsub(/\$\$/, "", text)
  while (match(text, /\$\{?[A-Za-z_][A-Za-z0-9_]*/)) {
    name = substr(text, RSTART, RLENGTH)
    gsub(/[${]/, "", name)
    text = substr(text, RSTART + RLENGTH)
    known[name] = 1
    if (text ~ /^:?\?/) require(name, text)
  }
  next
}

kind == "example" {
  if (match($0, /^#?[A-Z][A-Z0-9_]*=/)) {
    name = substr($0, 1, RLENGTH - 1)
    sub(/^#/, "", name)
    explained[name] = 1
  }
  next
}

{
  sub(/^[ \t]*(export[ \t]+)?/, "")
  if ($0 == "" || /^#/) next
  if (!match($0, /^[A-Za-z_][A-Za-z0-9_]*[ \t]*=/)) {
    faults[++count] = "Line " FNR " is not NAME=value. Comments begin with #."
    next
  }
  name = substr($0, 1, RLENGTH - 1)
  sub(/[ \t]+$/, "", name)
  if (name in line) faults[++count] = name " is set in lines " line[name] " and " FNR "; Compose takes the last. Remove one."
  else set[++variables] = name
  line[name] = FNR
  value[name] = plain(substr($0, RLENGTH + 1))
}

END {
  if (ask == "unset") {
    for (i = 1; i <= requirements; i++) if (value[required[i]] == "") print required[i]
    exit
  }
  for (i = 1; i <= requirements; i++) {
    name = required[i]
    if (value[name] == "" && ENVIRON[name] == "") faults[++count] = message[name] "."
  }
  for (i = 1; i <= variables; i++) examine(set[i])
  for (i = 1; i <= count; i++) print faults[i]
}

# Keeps a required variable, and what Compose prints without it.
function require(name, text) {
  if (name in message) return
  required[++requirements] = name
  sub(/^:?\?/, "", text)
  sub(/}.*/, "", text)
  message[name] = text
}

# profiles: [one, another]
function read_profiles(text, names, i, n) {
  if (text !~ /profiles: *\[/) return
  sub(/.*profiles: *\[/, "", text)
  sub(/\].*/, "", text)
  n = split(text, names, /, */)
  for (i = 1; i <= n; i++) profiles[names[i]] = 1
}

# A value without quotes, blanks and what is said of it.
function plain(text) {
  sub(/^[ \t]+/, "", text)
  if (text ~ /^["']/) {
    sub(substr(text, 1, 1) "[ \t]*(#.*)?$", "", text)
    return substr(text, 2)
  }
  sub(/(^|[ \t]+)#.*$/, "", text)
  sub(/[ \t]+$/, "", text)
  return text
}

function examine(name) {
  if (!(name in known)) {
    faults[++count] = name in explained ? unread(name) : unknown(name)
    return
  }
  if (is_example(value[name])) faults[++count] = name " still has the value of an example. Set your own."
  if (name == "SMTP_URL" && value[name] ~ /(\/\/|@)(localhost|127\.0\.0\.1|\[::1\])([:\/]|$)/)
    faults[++count] = name " is on localhost, which is the container itself. Set it to your mail server."
  if (name == "COMPOSE_PROFILES") examine_profiles(value[name])
}

function unread(name) {
  return name " in line " line[name] " has no effect: docker-compose.yml does not read it. Remove it."
}

function unknown(name, near) {
  near = nearest(name, known)
  return name " in line " line[name] " is unknown." (near == "" ? " Remove it." : " Did you mean " near "?")
}

# Names under which nobody has a server: RFC 2606.
function is_example(text) {
  return text ~ /change-me|replace-me/ ||
    text ~ /(^|[^A-Za-z0-9-])example\.(com|net|org)/ || text ~ /\.example([^A-Za-z0-9.-]|$)/
}

# Compose ignores the name of a profile that does not exist.
function examine_profiles(text, names, i, n, near) {
  n = split(text, names, /[ ,]+/)
  for (i = 1; i <= n; i++) {
    if (names[i] == "" || names[i] in profiles) continue
    near = nearest(names[i], profiles)
    faults[++count] = "COMPOSE_PROFILES names an unknown profile, " names[i] "." (near == "" ? "" : " Did you mean " near "?")
  }
}

# The name that is most like a given one; none if each differs in more than a third.
function nearest(name, names, candidate, best, least, steps) {
  least = int(length(name) / 3) + 1
  for (candidate in names) {
    steps = distance(name, candidate)
    if (steps < least || (steps == least && best != "" && candidate < best)) {
      least = steps
      best = candidate
    }
  }
  return best
}

# Levenshtein's: how many characters are added, removed or changed.
function distance(one, other, before, row, i, j, cost) {
  for (j = 0; j <= length(other); j++) before[j] = j
  for (i = 1; i <= length(one); i++) {
    row[0] = i
    for (j = 1; j <= length(other); j++) {
      cost = before[j - 1] + (substr(one, i, 1) != substr(other, j, 1))
      if (before[j] + 1 < cost) cost = before[j] + 1
      if (row[j - 1] + 1 < cost) cost = row[j - 1] + 1
      row[j] = cost
    }
    for (j = 0; j <= length(other); j++) before[j] = row[j]
  }
  return before[length(other)]
}
