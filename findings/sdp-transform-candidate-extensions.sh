#!/usr/bin/env bash
# sdp-transform 2.15.0 and 3.0.0 change the extensions of ICE candidates (pairs of a name and a value, any
# number in any order; RFC 8839, 5.1), and say so nowhere:
# - They are read up to the first one that is unknown or out of order. The rest is not in the result of
#   `parse`, not even in `invalid`, where lines of no known kind are kept, and `write` leaves it out. In the
#   candidates that Chrome gives to an application, `ufrag` stands before `network-id` and `network-cost`:
#   all three are lost.
# - If `generation` is missing, `write` takes the values of those behind it one place too early:
#   `network-id 3 network-cost 10` becomes `network-id NaN network-cost 3`.
# Needs Node 20 with npm.
set -euo pipefail

old=2.15.0
new=3.0.0
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-save --prefix "$folder" "old@npm:sdp-transform@$old" \
  "new@npm:sdp-transform@$new" >/dev/null

cat >"$folder/read.mjs" <<'SCRIPT'
import newer from 'new';
import older from 'old';

const start = 'candidate:842163049 1 udp 1677729535 203.0.113.7 54400 typ srflx raddr 0.0.0.0 rport 0';
const ends = {
  'known, in order': ' generation 0 network-id 3 network-cost 10',
  'as Chrome gives it': ' generation 0 ufrag EEtu network-id 3 network-cost 10',
  'without a generation': ' network-id 3 network-cost 10',
};
const description = (line) =>
  ['v=0', 'o=- 1 2 IN IP4 127.0.0.1', 's=-', 't=0 0', 'm=audio 9 UDP/TLS/RTP/SAVPF 111',
    'c=IN IP4 0.0.0.0', `a=${line}`, ''].join('\r\n');
const lineOf = (text) => text.split('\r\n').find((line) => /^a=/.test(line)).slice(2);

/** What is left of the end of a candidate, and whether the parsed description has the rest anywhere. */
function read({ parse, write }, end) {
  const parsed = parse(description(`${start}${end}`));
  const isInvalid = parsed.media[0].invalid !== undefined;
  return `${lineOf(write(parsed)).slice(start.length)}${isInvalid ? ' (invalid)' : ''}`;
}
const kept = (end) => [older, newer].map((library) => read(library, end));
const rows = Object.entries(ends).map(([name, end]) => ({ name, given: end, kept: kept(end) }));
for (const row of rows) console.log(JSON.stringify(row));
const unknown = lineOf(newer.write(newer.parse(description('x-unknown:1 2'))));
console.log(`a line of no known kind: ${unknown}`);

const wrong = ' network-id NaN network-cost 3';
const known = [ends['known, in order'], ' generation 0', wrong].map((end) => [end, end]);
const isKnown = JSON.stringify(rows.map((row) => row.kept)) === JSON.stringify(known);
process.exitCode = isKnown && unknown === 'x-unknown:1 2' ? 0 : 1;
SCRIPT
echo "sdp-transform $old and $new"
node "$folder/read.mjs"
