#!/usr/bin/env bash
# node-redis 5.12.1: a cluster whose master is gone, and whose replica has taken its slots, is not found
# again. createCluster asks for the slots anew only if a server answers MOVED, and the one that is gone
# answers nothing: commands for its slots wait without end, while the new master serves everybody else,
# and the cluster emits no error. With ioredis 5.11.1 the new master answers; with node-redis 6.3.1 it
# does after some failed commands.
# Needs Node 20 with npm, and redis-server 7 on PATH.
set -euo pipefail

node_redis_version=5.12.1
ioredis_version=5.11.1
ports=(19475 19476)
folder=$(mktemp -d)
servers=()
clean_up() {
  for server in "${servers[@]}"; do
    kill "$server" 2>/dev/null || true
    wait "$server" || true
  done
  rm -rf "$folder"
}
trap clean_up EXIT

cd "$folder"
npm install --silent --no-save --prefix "$folder" "redis@$node_redis_version" "ioredis@$ioredis_version" >/dev/null
redis-server --version
echo "node-redis $node_redis_version, ioredis $ioredis_version"
for port in "${ports[@]}"; do
  mkdir "$folder/$port"
  redis-server --bind 127.0.0.1 --port "$port" --save '' --dir "$folder/$port" --cluster-enabled yes \
    --repl-diskless-sync-delay 0 --repl-ping-replica-period 1 >"$folder/$port/log" 2>&1 &
  servers+=("$!")
done

cat >"$folder/ask.mjs" <<'SCRIPT'
import { Cluster, Redis } from 'ioredis';
import { createCluster } from 'redis';

setTimeout(() => process.exit(2), 120_000).unref(); // whatever hangs
const [masterPort, replicaPort, masterPid] = process.argv.slice(2).map(Number);
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const until = async (isSo, what) => {
  for (let attempt = 0; attempt < 300; attempt += 1) {
    if (await isSo()) return;
    await pause(100);
  }
  throw new Error(`${what}: it did not happen`);
};
const [master, replica] = [masterPort, replicaPort].map((port) => {
  const redis = new Redis({ port, enableReadyCheck: false, retryStrategy: () => 100 });
  redis.on('error', () => undefined);
  return redis;
});
const says = async (redis, words, text) => (await redis.call(...words)).includes(text);

await master.call('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
await master.call('CLUSTER', 'MEET', '127.0.0.1', String(replicaPort));
const id = await master.call('CLUSTER', 'MYID');
await until(() => says(replica, ['CLUSTER', 'NODES'], id), 'the servers meet');
const replicate = () => replica.call('CLUSTER', 'REPLICATE', id).then(() => true, () => false);
await until(replicate, 'one becomes the replica');
await until(async () => (await master.call('CLUSTER', 'SLOTS'))[0].length === 4, 'the replica is listed');
for (const server of [master, replica]) {
  await until(() => says(server, ['CLUSTER', 'INFO'], 'cluster_state:ok'), 'the cluster is up');
}

const addresses = [masterPort, replicaPort].map((port) => ({ host: '127.0.0.1', port }));
const nodeRedis = createCluster({ rootNodes: addresses.map((socket) => ({ socket })) });
const errors = [];
nodeRedis.on('error', (error) => errors.push(error.message));
await nodeRedis.connect();
const ioredis = new Cluster(addresses);
ioredis.on('error', () => undefined);
await nodeRedis.set('key', 'value');
await ioredis.get('key');

process.kill(masterPid);
await until(() => master.status !== 'ready', 'the master is gone');
await replica.call('CLUSTER', 'FAILOVER', 'TAKEOVER');
await until(() => says(replica, ['CLUSTER', 'INFO'], 'cluster_state:ok'), 'the replica has taken over');
const replies = await Promise.all([replica, ioredis, nodeRedis].map((redis) =>
  Promise.race([redis.get('key').catch(({ message }) => message), pause(15_000).then(() => 'none in 15 s')]),
));
const [direct, ofIoredis, ofNodeRedis] = replies;
console.log(JSON.stringify({ direct, ioredis: ofIoredis, nodeRedis: ofNodeRedis, errors }));
nodeRedis.destroy();
ioredis.disconnect();
master.disconnect();
replica.disconnect();
const isServed = direct === 'value' && ofIoredis === 'value';
process.exitCode = isServed && ofNodeRedis === 'none in 15 s' && errors.length === 0 ? 0 : 1;
SCRIPT
node "$folder/ask.mjs" "${ports[@]}" "${servers[0]}"
