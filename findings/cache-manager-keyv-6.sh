#!/usr/bin/env bash
# cache-manager 7.2.9 takes any Keyv as a store, and with Keyv 6.1.0 its wrap() finds nothing of what
# it has stored: the function runs at each call, while get() of the same key finds the value. wrap()
# asks Keyv for the entry with its expiry, get(key, { raw: true }), which Keyv 5 answers with
# { value } and Keyv 6, whose way to it is getRaw(), with the value alone. Nothing is thrown, and
# nothing is logged: the cache is only slower than none.
# Needs Node 20.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund \
  cache-manager@7.2.9 keyv@6.1.0 keyv-5@npm:keyv@5.6.0

cat >ask.mjs <<'SCRIPT'
import { readFileSync } from 'node:fs';
import { createCache } from 'cache-manager';

const versionOf = (name) => JSON.parse(readFileSync(`node_modules/${name}/package.json`)).version;
console.log(`cache-manager ${versionOf('cache-manager')}`);
const seen = [];
for (const name of ['keyv', 'keyv-5']) {
  const { Keyv } = await import(name);
  const cache = createCache({ stores: [new Keyv()] });
  let runs = 0;
  const find = async () => {
    runs += 1;
    return { price: 3 };
  };
  for (let call = 0; call < 3; call += 1) await cache.wrap('tea', find);
  const { price } = await cache.get('tea');
  console.log(`keyv ${versionOf(name)}: 3 calls of wrap() ran the function ${runs} times; get() finds ${price}`);
  seen.push(runs, price);
}
process.exitCode = String(seen) === '3,3,1,3' ? 0 : 1;
SCRIPT
node ask.mjs
