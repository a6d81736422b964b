#!/usr/bin/env bash
# openapi-fetch 0.17.0: its README tells success from failure by `error`, "only present if 4XX or 5XX
# response". For a failure without a body, as proxies send it while no server is there, `error` is
# undefined (`Content-Length: 0`) or an empty string (chunked), false in both cases, while its types say
# that there is an error where there is no data. `response.ok` tells the two apart.
# Needs Node 20 with npm.
set -euo pipefail

version=0.17.0
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-save --prefix "$folder" "openapi-fetch@$version" >/dev/null
echo "openapi-fetch $version"

cat >"$folder/ask.mjs" <<'SCRIPT'
import { once } from 'node:events';
import { createServer } from 'node:http';
import createClient from 'openapi-fetch';

const replies = {
  '/length': [{ 'content-length': '0' }],
  '/chunked': [{ 'transfer-encoding': 'chunked' }],
  '/json': [{ 'content-type': 'application/json' }, '{"code":"BAD_GATEWAY"}'],
};
const server = createServer((request, response) => {
  const [headers, body] = replies[request.url];
  response.writeHead(502, headers).end(body);
}).listen(0, '127.0.0.1');
await once(server, 'listening');
const client = createClient({ baseUrl: `http://127.0.0.1:${server.address().port}` });

const errors = [];
for (const path of Object.keys(replies)) {
  const { data, error, response } = await client.GET(path);
  console.log(path.padEnd(8), { status: response.status, ok: response.ok, data, error });
  errors.push(error);
}
server.close();
const [ofLength, ofChunked, ofJson] = errors;
const isKnown = ofLength === undefined && ofChunked === '' && ofJson.code === 'BAD_GATEWAY';
process.exit(isKnown ? 0 : 1);
SCRIPT
node "$folder/ask.mjs"
