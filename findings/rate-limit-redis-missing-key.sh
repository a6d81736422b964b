#!/usr/bin/env bash
# rate-limit-redis 6.0.1 with express-rate-limit 8.7.5, where the key of a client is not there:
# - A handler resets its client (`resetKey`), for example after a login, and the request is then taken back
#   (`skipSuccessfulRequests`): DECR makes the key anew, with -1 and without an expiry. It stays in Redis until
#   the client comes again, if it ever does. The store in memory does not count below 0, and forgets.
# - `getKey` of a client without requests answers NaN and a time that has passed; by the interface of
#   stores, and in the store in memory, the answer is undefined.
# Needs Node 20 with npm, and redis-server 7 on PATH.
set -euo pipefail

store_version=6.0.1
limiter_version=8.7.5
client_version=5.11.1
express_version=5.2.1
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
npm install --silent --no-save --prefix "$folder" "rate-limit-redis@$store_version" \
  "express-rate-limit@$limiter_version" "ioredis@$client_version" "express@$express_version" >/dev/null
redis-server --version
echo "rate-limit-redis $store_version, express-rate-limit $limiter_version, ioredis $client_version"
redis-server --port 0 --unixsocket "$folder/redis.sock" --save '' --dir "$folder" >"$folder/log" 2>&1 &
server=$!

cat >"$folder/ask.mjs" <<'SCRIPT'
import { once } from 'node:events';
import express from 'express';
import { MemoryStore, rateLimit } from 'express-rate-limit';
import { Redis } from 'ioredis';
import { RedisStore } from 'rate-limit-redis';

setTimeout(() => process.exit(2), 30_000).unref(); // whatever hangs
const redis = new Redis({ path: process.argv[2], retryStrategy: (attempt) => (attempt < 100 ? 50 : null) });
redis.on('error', () => undefined);
await once(redis, 'ready');

/** What is known of two clients: of one after a login that succeeded, of the other without a request. */
async function keysOf(store) {
  const limiter = rateLimit({ store, skipSuccessfulRequests: true, keyGenerator: () => 'ada' });
  let isTakenBack = false;
  const decrement = store.decrement.bind(store);
  store.decrement = async (key) => {
    await decrement(key);
    isTakenBack = true;
  };
  const app = express();
  app.get('/', limiter, async (request, response) => {
    await limiter.resetKey('ada');
    response.end();
  });
  const listening = app.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  const { status } = await fetch(`http://127.0.0.1:${listening.address().port}/`);
  listening.close();
  while (!isTakenBack) await new Promise((resolve) => setTimeout(resolve, 10));
  return { status, reset: await limiter.getKey('ada'), unknown: await limiter.getKey('grace') };
}
const ofMemory = await keysOf(new MemoryStore());
const ofRedis = await keysOf(new RedisStore({ sendCommand: (...words) => redis.call(...words) }));
const left = { value: await redis.get('rl:ada'), expiry: await redis.ttl('rl:ada') };
console.log({ ofMemory, ofRedis, left });
redis.disconnect();
const isLeft = left.value === '-1' && left.expiry === -1;
const isAsExpected = ofMemory.reset.totalHits === 0 && ofMemory.unknown === undefined;
process.exit(isLeft && isAsExpected && Number.isNaN(ofRedis.unknown?.totalHits) ? 0 : 1);
SCRIPT
node "$folder/ask.mjs" "$folder/redis.sock"
