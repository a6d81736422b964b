#!/usr/bin/env bash
# ioredis 5.11.1 as a Redis user who may not run INFO (`ACL SETUSER … -info`). Its ready check asks
# INFO and normally waits while that is refused: NOAUTH ends the connection with an error event. For
# NOPERM alone it takes the server for ready, emits no event, and writes a line of prose to standard
# error with console.warn, at every reconnect; no option or logger takes that line, so a process whose
# standard error is read as JSON lines has one that is none.
# Needs Node 20 with npm, and redis-server 7 on PATH.
set -euo pipefail

client_version=5.11.1
port=19472
folder=$(mktemp -d)
server=
clean_up() {
  if [[ -n $server ]]; then
    kill "$server" || true
    wait "$server" || true
  fi
  rm -rf "$folder"
}
trap clean_up EXIT

cd "$folder"
npm install --silent --no-save --prefix "$folder" "ioredis@$client_version" >/dev/null
redis-server --version
echo "ioredis $client_version"
redis-server --bind 127.0.0.1 --port "$port" --save '' --dir "$folder" >"$folder/log" 2>&1 &
server=$!

cat >"$folder/ask.mjs" <<'SCRIPT'
import { Redis } from 'ioredis';

const port = Number(process.argv[2]);
const options = { port, retryStrategy: (attempt) => (attempt < 50 ? 100 : null) };
const operator = new Redis(options);
operator.on('error', () => undefined);
await operator.call('ACL', 'SETUSER', 'app', 'on', '>app', '~*', '&*', '+@all', '-info');

const warned = [];
console.warn = (line) => warned.push(line);
const events = [];
const app = new Redis({ ...options, username: 'app', password: 'app', lazyConnect: true });
app.on('error', (error) => events.push(error.message));
await app.connect();
const found = { status: app.status, errorEvents: events, warned: warned.length };
console.log(JSON.stringify(found), warned[0] ?? '');
app.disconnect();
operator.disconnect();
const isSame = warned.length === 1 && events.length === 0;
const isKnown = found.status === 'ready' && /^Skipping the ready check/.test(warned[0] ?? '');
process.exitCode = isSame && isKnown ? 0 : 1;
SCRIPT
node "$folder/ask.mjs" "$port"
