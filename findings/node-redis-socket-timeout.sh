#!/usr/bin/env bash
# redis (node-redis) 5.12.1: `socketTimeout` ends a connection to a server that has fallen silent, but
# each command that is written starts its time anew. With one command under way a frozen server is
# given up after the time set; with a command every fifth of it, the usual case under load, the
# connection stays and the commands wait, far beyond it. The option of the same name of ioredis 5.11.1
# counts from the last reply alone, and ends both.
# Needs Node 20. The server is a socket that answers the first commands and then nothing more.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund redis@5.12.1 ioredis@5.11.1

cat >ask.mjs <<'SCRIPT'
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { createClient } from 'redis';

const socketTimeout = 500;
const observedMs = 3000;

/** A server that says OK to every command until it is frozen. */
async function openServer() {
  const state = { isFrozen: false };
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      if (state.isFrozen) return;
      for (const _ of String(data).matchAll(/^\*\d+\r$/gm)) socket.write('+OK\r\n');
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { port: server.address().port, state, close: () => server.close() };
}

const open = {
  'node-redis': async (port) => {
    const socket = { port, host: '127.0.0.1', socketTimeout, reconnectStrategy: false };
    const client = createClient({ socket, disableClientInfo: true });
    const ended = new Promise((resolve) => client.once('error', resolve));
    await client.connect();
    return { ping: () => client.ping(), ended, destroy: () => client.isOpen && client.destroy() };
  },
  ioredis: async (port) => {
    const options = { port, socketTimeout, lazyConnect: true, retryStrategy: () => null };
    const client = new Redis({ ...options, enableReadyCheck: false, disableClientInfo: true });
    client.on('error', () => undefined);
    await client.connect();
    const ended = new Promise((resolve) => client.once('close', resolve));
    return { ping: () => client.ping(), ended, destroy: () => client.disconnect() };
  },
};

/** After how many ms the connection was given up; undefined if it was not while observed. */
async function givenUpAfterMs(name, everyMs) {
  const server = await openServer();
  const client = await open[name](server.port);
  server.state.isFrozen = true;
  const begin = performance.now();
  const over = new AbortController();
  const ended = client.ended.then(() => Math.round(performance.now() - begin));
  client.ping().catch(() => undefined);
  const writing = (async () => {
    while (everyMs !== undefined && !over.signal.aborted) {
      await delay(everyMs);
      client.ping().catch(() => undefined);
    }
  })();
  const afterMs = await Promise.race([ended, delay(observedMs)]);
  over.abort();
  await writing;
  client.destroy();
  server.close();
  return afterMs;
}

let isKnown = true;
for (const name of Object.keys(open)) {
  const alone = await givenUpAfterMs(name, undefined);
  const busy = await givenUpAfterMs(name, socketTimeout / 5);
  console.log(`${name}, socketTimeout ${socketTimeout}: one command given up after ${alone ?? '> 3000'} ms;`);
  console.log(`  with one every ${socketTimeout / 5} ms: ${busy === undefined ? 'not within 3000 ms' : `after ${busy} ms`}`);
  const isGivenUp = (afterMs) => afterMs !== undefined && afterMs < 2 * socketTimeout;
  isKnown &&= isGivenUp(alone) && (name === 'ioredis' ? isGivenUp(busy) : busy === undefined);
}
process.exit(isKnown ? 0 : 1);
SCRIPT
echo 'redis 5.12.1, ioredis 5.11.1'
node ask.mjs
