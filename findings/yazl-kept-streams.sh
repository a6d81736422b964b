#!/usr/bin/env bash
# yazl 3.3.1 keeps every stream that `addReadStream` was given until the archive itself is dropped:
# an entry that has been written whole still holds its stream, and what that holds. An archive of many
# entries so grows in memory with their number, although each passes through once. With
# `addReadStreamLazy`, whose function makes the stream when its turn comes, none is kept.
# Needs Node 20 with npm.
set -euo pipefail

version=3.3.1
entries=50
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-save --prefix "$folder" "yazl@$version" >/dev/null
echo "yazl $version, $entries entries"

cat >"$folder/kept.mjs" <<'SCRIPT'
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { ZipFile } from 'yazl';

const entries = Number(process.argv[2]);

/** How many streams are still in memory when all of them were written. */
async function kept(add) {
  const zip = new ZipFile();
  zip.outputStream.resume();
  const streams = [];
  let written = 0;
  const stream = () => {
    const made = Readable.from([Buffer.alloc(1024)]);
    made.once('close', () => (written += 1));
    streams.push(new WeakRef(made));
    return made;
  };
  for (let at = 0; at < entries; at += 1) add(zip, `entry-${at}`, stream);
  while (written < entries) await setImmediate();
  for (let turn = 0; turn < 20; turn += 1) await setImmediate();
  gc();
  const alive = streams.filter((one) => one.deref() !== undefined).length;
  const ended = once(zip.outputStream, 'end');
  zip.end();
  await ended;
  return alive;
}

const eager = await kept((zip, name, stream) => zip.addReadStream(stream(), name));
const lazy = await kept((zip, name, stream) =>
  zip.addReadStreamLazy(name, (done) => done(null, stream())),
);
console.log(`addReadStream: ${eager} of ${entries} written streams are still in memory`);
console.log(`addReadStreamLazy: ${lazy > 1 ? lazy : '0 or 1'} of ${entries}`);
process.exitCode = eager >= entries - 1 && lazy <= 1 ? 0 : 1;
SCRIPT
node --expose-gc "$folder/kept.mjs" "$entries"
