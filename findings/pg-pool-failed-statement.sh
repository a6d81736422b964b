#!/usr/bin/env bash
# pg 8.23.1 with pg-pool 3.14.0: `pool.query` closes its connection after every statement that the
# server has refused, a violated unique constraint too, although the connection is as good as before.
# The next statement opens a new one, with TCP, TLS and SCRAM. Where a client is taken from the pool
# and given back by hand, the same error leaves the connection in the pool.
# Needs Node 20 with npm. The server is PostgreSQL itself, built for WebAssembly (PGlite).
set -euo pipefail

pg_version=8.23.1
pool_version=3.14.0
server_version=0.5.14
socket_version=0.2.17
port=19473
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

cd "$folder"
npm install --silent --no-save --prefix "$folder" "pg@$pg_version" "pg-pool@$pool_version" \
  "@electric-sql/pglite@$server_version" "@electric-sql/pglite-socket@$socket_version" >/dev/null
echo "pg $pg_version, pg-pool $pool_version, PGlite $server_version"

cat >"$folder/ask.mjs" <<'SCRIPT'
import { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import pg from 'pg';

const port = Number(process.argv[2]);
const server = new PGLiteSocketServer({ db: await PGlite.create(), host: '127.0.0.1', port });
await server.start();
const pool = new pg.Pool({ host: '127.0.0.1', port, user: 'postgres', max: 1 });
await pool.query('CREATE TABLE names (name text PRIMARY KEY)');
await pool.query("INSERT INTO names VALUES ('ada')");

/** The code of the error, and how many connections the pool has after it. */
const after = async (work) => {
  const code = await work().then(() => 'none', (error) => error.code);
  return { code, connections: pool.totalCount };
};
const again = "INSERT INTO names VALUES ('ada')";
const byHand = await after(async () => {
  const client = await pool.connect();
  try {
    await client.query(again);
  } finally {
    client.release();
  }
});
const byPool = await after(() => pool.query(again));
console.log(JSON.stringify({ byHand, byPool }));
await pool.end();
await server.stop();
const isKnown = byHand.code === '23505' && byPool.code === '23505';
process.exit(isKnown && byHand.connections === 1 && byPool.connections === 0 ? 0 : 1);
SCRIPT
node "$folder/ask.mjs" "$port"
