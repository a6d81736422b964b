#!/usr/bin/env bash
# pg 8.23.1: a query that is over its `query_timeout` ("Query read timeout") still runs in the server, and
# its client stays usable in name only. The time of each query starts when it is given to the client, and
# it waits there for the one before, so the next ones fail by the same error although the server never
# saw them. A pool takes such a client back from `release()` without a word and gives it to the next
# caller. It answers again once the first query has ended, however long that takes.
# Needs Node 20 with npm. The server is PostgreSQL itself, built for WebAssembly (PGlite).
set -euo pipefail

pg_version=8.23.1
server_version=0.5.14
socket_version=0.2.17
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

cd "$folder"
npm install --silent --no-save --prefix "$folder" "pg@$pg_version" \
  "@electric-sql/pglite@$server_version" "@electric-sql/pglite-socket@$socket_version" >/dev/null
echo "pg $pg_version, PGlite $server_version"

# In a thread of its own, because a sleep of this server stops the thread that it runs in.
cat >"$folder/server.mjs" <<'SCRIPT'
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';

const server = new PGLiteSocketServer({ db: await PGlite.create(), host: '127.0.0.1', port: workerData });
await server.start();
parentPort.postMessage('ready');
SCRIPT

cat >"$folder/ask.mjs" <<'SCRIPT'
import { once } from 'node:events';
import { createServer } from 'node:net';
import { Worker } from 'node:worker_threads';
import pg from 'pg';

const probe = createServer().listen(0, '127.0.0.1');
await once(probe, 'listening');
const { port } = probe.address();
probe.close();
await once(probe, 'close');
const server = new Worker(new URL('server.mjs', import.meta.url), { workerData: port });
await once(server, 'message');

const pool = new pg.Pool({ host: '127.0.0.1', port, user: 'postgres', max: 1, query_timeout: 1000 });
const clients = new Set();
/** What one borrower of the pool sees. */
const ask = async (text) => {
  const client = await pool.connect();
  clients.add(client);
  try {
    return await client.query(text).then(({ rows }) => JSON.stringify(rows), (error) => error.message);
  } finally {
    client.release();
  }
};
await ask('CREATE SEQUENCE seen');
const slow = await ask('SELECT pg_sleep(4)');
const next = [await ask("SELECT nextval('seen')"), await ask("SELECT nextval('seen')")];
// It is asked until the sleep has ended.
let later = await ask('SELECT 1 AS one');
for (let attempt = 0; later.includes('timeout') && attempt < 30; attempt += 1) {
  later = await ask('SELECT 1 AS one');
}
const first = await ask("SELECT nextval('seen')::int AS value");
console.log(JSON.stringify({ slow, next, later, first, clients: clients.size }, null, 1));
await pool.end();
await server.terminate();
const timeout = 'Query read timeout';
const isKnown = [slow, ...next].every((text) => text === timeout) && later === '[{"one":1}]';
process.exit(isKnown && first === '[{"value":1}]' && clients.size === 1 ? 0 : 1);
SCRIPT
node "$folder/ask.mjs"
