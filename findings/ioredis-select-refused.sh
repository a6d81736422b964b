#!/usr/bin/env bash
# ioredis 5.11.1 with a database number that the server does not have (16, where `databases` is 16; a
# cluster's server has number 0 alone). The server refuses the SELECT; ioredis emits an error event, is
# ready all the same, and runs every command in database 0, which may be another program's.
# node-redis 5.12.1 does not become ready, and stores nothing.
# Needs Node 20 with npm, and redis-server 7 on PATH.
set -euo pipefail

ioredis_version=5.11.1
node_redis_version=5.12.1
port=19473
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
npm install --silent --no-save --prefix "$folder" \
  "ioredis@$ioredis_version" "redis@$node_redis_version" >/dev/null
redis-server --version
echo "ioredis $ioredis_version, node-redis $node_redis_version"
redis-server --bind 127.0.0.1 --port "$port" --databases 16 --save '' --dir "$folder" \
  >"$folder/log" 2>&1 &
server=$!

cat >"$folder/ask.mjs" <<'SCRIPT'
import { Redis } from 'ioredis';
import { createClient } from 'redis';

const url = `redis://127.0.0.1:${process.argv[2]}`;
const waits = { retryStrategy: (attempt) => (attempt < 50 ? 100 : null) };
const zero = new Redis(`${url}/0`, waits);
zero.on('error', () => undefined);
await zero.ping();

const app = new Redis(`${url}/16`, waits);
const events = [];
app.on('error', ({ message }) => events.push(message));
const reply = await app.set('by-ioredis', 'x');
const ioredis = { status: app.status, reply, inDatabase0: await zero.exists('by-ioredis'), events };
console.log('ioredis', JSON.stringify(ioredis));

const other = createClient({ url: `${url}/16`, socket: { reconnectStrategy: false } });
other.on('error', () => undefined);
const refused = await other.connect().then(() => '', ({ message }) => message);
const nodeRedis = { isReady: other.isReady, refused, keys: await zero.keys('*') };
console.log('node-redis', JSON.stringify(nodeRedis));
if (other.isOpen) other.destroy();
app.disconnect();
zero.disconnect();

const isDatabase0 = reply === 'OK' && ioredis.inDatabase0 === 1 && app.status !== 'wait';
const isTold = events.length > 0 && events.every((text) => text.includes('DB index'));
const isRefused = !nodeRedis.isReady && refused.includes('DB index') && nodeRedis.keys.length === 1;
process.exitCode = isDatabase0 && isTold && isRefused ? 0 : 1;
SCRIPT
node "$folder/ask.mjs" "$port"
