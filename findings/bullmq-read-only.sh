#!/usr/bin/env bash
# BullMQ 6.7.0 over ioredis 5.11.1: where a worker has jobs to do and its server becomes a read-only
# replica, as an old master does after a failover, it asks for its next job again without a pause:
# hundreds of commands and `error` events each second, until the server is a master again. A worker that
# was idle asks ten times a second. `worker.pause(true)` stops it.
# Needs Node 20 with npm, and redis-server 7 on PATH.
set -euo pipefail

version=6.7.0
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
npm install --silent --no-save --ignore-scripts --prefix "$folder" "bullmq@$version" \
  "ioredis@$client_version" >/dev/null
redis-server --version
echo "bullmq $version, ioredis $client_version"
redis-server --port 0 --unixsocket "$folder/redis.sock" --save '' --dir "$folder" >"$folder/log" 2>&1 &
server=$!

cat >"$folder/ask.mjs" <<'SCRIPT'
import { once } from 'node:events';
import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';

setTimeout(() => process.exit(2), 60_000).unref(); // whatever hangs
const connection = { path: process.argv[2] };
const countFrom = 500;
const queue = new Queue('mails', { connection });
queue.on('error', () => undefined);
const operator = new Redis({ ...connection, retryStrategy: (attempt) => (attempt < 50 ? 100 : null) });
operator.on('error', () => undefined);

const errors = [];
const demote = () => operator.replicaof('127.0.0.1', '1');
const worker = new Worker('mails', ({ name }) => (name === 'first' ? demote() : 'sent'), { connection });
worker.on('error', (error) => errors.push(error.message));
const nextDone = new Promise((resolve) => worker.once('completed', resolve));
await queue.addBulk(['first', 'second'].map((name) => ({ name, data: {} })));

await once(worker, 'error');
const began = performance.now();
const seconds = () => (performance.now() - began) / 1000;
while (errors.length < countFrom && seconds() < 10) {
  await new Promise((resolve) => setTimeout(resolve, 20));
}
const refused = errors.filter((message) => message.startsWith('READONLY')).length;
console.log(`${refused} of ${errors.length} errors in ${seconds().toFixed(1)} s: ${errors.at(-1)}`);

await worker.pause(true);
const before = errors.length;
await new Promise((resolve) => setTimeout(resolve, 500));
const whilePaused = errors.length - before;
console.log(`${whilePaused} errors while the worker is paused`);

await operator.replicaof('NO', 'ONE');
worker.resume();
const { name, returnvalue } = await nextDone;
console.log(`a master again: the ${name} job is done`);
await worker.close();
await queue.close();
operator.disconnect();
process.exitCode = refused >= countFrom && whilePaused === 0 && returnvalue === 'sent' ? 0 : 1;
SCRIPT
node "$folder/ask.mjs" "$folder/redis.sock"
