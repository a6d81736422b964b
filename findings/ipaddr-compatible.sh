#!/usr/bin/env bash
# ipaddr.js 2.5.0 reads one IPv6 address as two. `::192.0.2.1` (an IPv4-compatible address, RFC 4291,
# 2.5.5.1, with its last 32 bits in decimals) is by that RFC `::c000:201`, and Node's URL reads it so.
# ipaddr.js reads the first spelling as the IPv4-mapped `::ffff:192.0.2.1`, another address, whose
# toIPv4Address() is 192.0.2.1, and the second as what it is. A program that compares or counts addresses
# after parsing has two names for one; `::2:192.0.2.1`, beside it, is read rightly.
# Needs Node 20 with npm.
set -euo pipefail

version=2.5.0
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-save --prefix "$folder" "ipaddr.js@$version" >/dev/null
echo "ipaddr.js $version"

cat >"$folder/read.mjs" <<'SCRIPT'
import ipaddr from 'ipaddr.js';
const read = (text) => `${ipaddr.parse(text)} (${ipaddr.parse(text).range()})`;
const byUrl = (text) => new URL(`http://[${text}]`).hostname.slice(1, -1);
const rows = ['::192.0.2.1', '::c000:201', '::2:192.0.2.1'].map((text) => [text, read(text), byUrl(text)]);
for (const [text, own, url] of rows) console.log(`${text.padEnd(14)} ipaddr.js: ${own.padEnd(32)} URL: ${url}`);
const seen = JSON.stringify(rows.map(([, own]) => own));
const known = ['::ffff:c000:201 (ipv4Mapped)', '::c000:201 (unicast)', '::2:c000:201 (unicast)'];
process.exitCode = seen === JSON.stringify(known) ? 0 : 1;
SCRIPT
node "$folder/read.mjs"
