#!/usr/bin/env bash
# ioredis 5.11.1, subscribed to a shard channel: when the channel's slot leaves the server (it moves to
# a different master, or is deleted), Redis says so by a `sunsubscribe` that nobody asked for. ioredis
# takes it for the reply to its next command, so every command gets the reply of the one before it:
# SSUBSCRIBE of a second channel resolves to 0 subscriptions, and PING to the reply of SSUBSCRIBE. The
# reply that is left over at the end is an error event that asks to be reported.
# Needs Node 20 with npm, and redis-server 7 on PATH.
set -euo pipefail

client_version=5.11.1
port=19474
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
redis-server --bind 127.0.0.1 --port "$port" --save '' --dir "$folder" --cluster-enabled yes \
  >"$folder/log" 2>&1 &
server=$!

cat >"$folder/ask.mjs" <<'SCRIPT'
import { Redis } from 'ioredis';

setTimeout(() => process.exit(2), 60_000).unref(); // whatever hangs
const port = Number(process.argv[2]);
const options = { port, enableReadyCheck: false, retryStrategy: (attempt) => (attempt < 50 ? 100 : null) };
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const operator = new Redis(options);
operator.on('error', () => undefined);
await operator.call('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
for (let attempt = 0; !(await operator.call('CLUSTER', 'INFO')).includes('cluster_state:ok'); attempt += 1) {
  if (attempt === 100) throw new Error('the cluster did not come up');
  await pause(100);
}

const subscriber = new Redis(options);
const events = [];
subscriber.on('error', (error) => events.push(error.message));
await subscriber.ssubscribe('first');

// The subscriber's commands arrive while the server is busy, and are read after the slot is gone.
const busyFor1s = `
  local function now() local t = redis.call('TIME') return t[1] * 1000 + t[2] / 1000 end
  local started = now()
  while now() - started < 1000 do end`;
let isOver = false;
const leaving = operator
  .pipeline()
  .eval(busyFor1s, 0)
  .call('CLUSTER', 'DELSLOTS', await operator.call('CLUSTER', 'KEYSLOT', 'first'))
  .exec()
  .then(() => { isOver = true; });
await pause(100);
if (isOver) throw new Error('this machine was too slow; run it again');
const asked = [subscriber.ssubscribe('second'), subscriber.ping('hello')];
const [subscriptions, pong] = await Promise.all(asked);
await leaving;
for (let attempt = 0; events.length === 0 && attempt < 50; attempt += 1) await pause(100);
console.log(JSON.stringify({ ssubscribe: subscriptions, ping: pong, events }));
subscriber.disconnect();
operator.disconnect();
const isShifted = subscriptions === 0 && String(pong) === 'ssubscribe,second,1';
process.exitCode = isShifted && /^Command queue state error/.test(events[0] ?? '') ? 0 : 1;
SCRIPT
node "$folder/ask.mjs" "$port"
