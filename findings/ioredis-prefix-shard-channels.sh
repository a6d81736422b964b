#!/usr/bin/env bash
# ioredis 5.11.1 with a `keyPrefix`: PUBLISH and SUBSCRIBE leave the name of a channel as it is, and
# SPUBLISH and SSUBSCRIBE put the prefix before it. The `smessage` event has the name with the prefix,
# so a listener that compares it with the name that it subscribed to finds nothing, and what a client
# without the prefix publishes does not arrive. The README says "keys"; shard channels are none.
# Needs Node 20 with npm, and redis-server 7 on PATH.
set -euo pipefail

client_version=5.11.1
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
redis-server --port 0 --unixsocket "$folder/redis.sock" --save '' --dir "$folder" >"$folder/log" 2>&1 &
server=$!

cat >"$folder/ask.mjs" <<'SCRIPT'
import { Redis } from 'ioredis';

setTimeout(() => process.exit(2), 30_000).unref(); // whatever hangs
const options = { path: process.argv[2], retryStrategy: (attempt) => (attempt < 50 ? 100 : null) };
const plain = new Redis(options);
plain.on('error', () => undefined);
await plain.ping();
const prefixed = new Redis({ ...options, keyPrefix: 'app:' });
const subscriber = new Redis({ ...options, keyPrefix: 'app:' });
const received = [];
subscriber.on('message', (channel, text) => received.push(`message ${channel}: ${text}`));
subscriber.on('smessage', (channel, text) => received.push(`smessage ${channel}: ${text}`));
await subscriber.subscribe('room');
await subscriber.ssubscribe('room');

const receivers = {
  publish: [await prefixed.publish('room', 'with prefix'), await plain.publish('room', 'without')],
  spublish: [await prefixed.spublish('room', 'with prefix'), await plain.spublish('room', 'without')],
};
// What was published before is delivered before the reply to this.
await subscriber.unsubscribe('room');
console.log(JSON.stringify(receivers), received);
for (const client of [plain, prefixed, subscriber]) client.disconnect();
const seen = ['message room: with prefix', 'message room: without', 'smessage app:room: with prefix'];
const isKnown = JSON.stringify(receivers) === '{"publish":[1,1],"spublish":[1,0]}';
process.exitCode = isKnown && String(received) === String(seen) ? 0 : 1;
SCRIPT
node "$folder/ask.mjs" "$folder/redis.sock"
