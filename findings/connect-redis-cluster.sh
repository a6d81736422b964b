#!/usr/bin/env bash
# connect-redis 10.0.0 with a cluster of node-redis 5.12.1: sessions are read, written and scanned over all
# masters, but `clear` and `all` send the keys of all sessions in one DEL and one MGET. So they work while
# the sessions share a slot, and fail with CROSSSLOT as soon as there are two in different ones; `length`
# and `ids` work. Nothing in its README says that these two are not for a cluster.
# Needs Node 20 with npm, and redis-server 7 on PATH.
set -euo pipefail

store_version=10.0.0
client_version=5.12.1
session_version=1.19.0
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
npm install --silent --no-save --prefix "$folder" "connect-redis@$store_version" \
  "redis@$client_version" "express-session@$session_version" >/dev/null
redis-server --version
echo "connect-redis $store_version, redis $client_version"
read -r port bus < <(node -e '
const net = require("net");
const all = [0, 0].map(() => net.createServer().listen(0, "127.0.0.1"));
Promise.all(all.map((one) => new Promise((ok) => one.once("listening", ok)))).then(() => {
  console.log(all.map((one) => one.address().port).join(" "));
  for (const one of all) one.close();
});')
redis-server --bind 127.0.0.1 --port "$port" --cluster-enabled yes --cluster-port "$bus" --save '' \
  --dir "$folder" >"$folder/log" 2>&1 &
server=$!

cat >"$folder/ask.mjs" <<'SCRIPT'
import { RedisStore } from 'connect-redis';
import { createClient, createCluster } from 'redis';

setTimeout(() => process.exit(2), 30_000).unref(); // whatever hangs
const url = `redis://127.0.0.1:${process.argv[2]}`;
const operator = createClient({ url, socket: { reconnectStrategy: (tries) => (tries < 100 ? 50 : false) } });
operator.on('error', () => undefined);
await operator.connect();
await operator.sendCommand(['CLUSTER', 'ADDSLOTSRANGE', '0', '16383']);
while (!/cluster_state:ok/.test(await operator.sendCommand(['CLUSTER', 'INFO']))) {
  await new Promise((resolve) => setTimeout(resolve, 50));
}
const client = createCluster({ rootNodes: [{ url }] });
client.on('error', () => undefined);
await client.connect();
const store = new RedisStore({ client });

const ask = async (method) => {
  try {
    const reply = await store[method]();
    return Array.isArray(reply) ? `${reply.length} found` : String(reply ?? 'done');
  } catch (error) {
    return error.message.split(' ')[0];
  }
};
const askAll = async () => {
  const replies = {};
  for (const method of ['length', 'ids', 'all', 'clear']) replies[method] = await ask(method);
  return replies;
};
const session = { cookie: { originalMaxAge: null } };
await store.set('ada', session);
const one = await askAll();
await store.set('ada', session);
await store.set('grace', session);
const two = await askAll();
console.log(JSON.stringify({ one, two }, null, 1));
client.destroy();
operator.destroy();
const known = [
  { length: '1', ids: '1 found', all: '1 found', clear: 'done' },
  { length: '2', ids: '2 found', all: 'CROSSSLOT', clear: 'CROSSSLOT' },
];
process.exit(JSON.stringify([one, two]) === JSON.stringify(known) ? 0 : 1);
SCRIPT
node "$folder/ask.mjs" "$port"
