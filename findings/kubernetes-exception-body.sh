#!/usr/bin/env bash
# @kubernetes/client-node 2.0.1: the API server says why it refuses a call in a Status object, as JSON, with
# every status code. What the `body` of an ApiException is depends on the class that was called and on the
# code: the text of the JSON, not parsed (CoreV1Api and its like); undefined for 401 from these; undefined
# from Log, but the parsed object for 500 from it. So `error.body.message` and `error.body.reason` are
# undefined where a reader needs them, without an error in TypeScript, which has `any` there.
# Needs Node 22.19 with npm, for undici, which the library calls by.
set -euo pipefail

version=2.0.1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-save --prefix "$folder" "@kubernetes/client-node@$version" >/dev/null
echo "@kubernetes/client-node $version"

cat >"$folder/ask.mjs" <<'SCRIPT'
import { once } from 'node:events';
import { createServer } from 'node:http';
import { PassThrough } from 'node:stream';
import { ApiException, CoreV1Api, KubeConfig, Log } from '@kubernetes/client-node';

const reasons = {
  401: 'Unauthorized', 403: 'Forbidden', 404: 'NotFound', 409: 'Conflict', 500: 'InternalError',
};
let code = 0;
const server = createServer((request, response) => {
  response.writeHead(code, { 'content-type': 'application/json' });
  const status = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure' };
  response.end(JSON.stringify({ ...status, message: 'why', reason: reasons[code], code }));
}).listen(0, '127.0.0.1');
await once(server, 'listening');

const config = new KubeConfig();
config.loadFromOptions({
  clusters: [{ name: 'local', server: `http://127.0.0.1:${server.address().port}`, skipTLSVerify: true }],
  users: [{ name: 'somebody' }],
  contexts: [{ name: 'here', cluster: 'local', user: 'somebody' }],
  currentContext: 'here',
});
const core = config.makeApiClient(CoreV1Api);
const log = new Log(config);
const calls = {
  CoreV1Api: () => core.readNamespacedConfigMap({ name: 'one', namespace: 'default' }),
  Log: () => log.log('default', 'pod', 'container', new PassThrough(), {}),
};

/** The kind of the body of the exception, with the reason in it. */
async function bodyOf(call) {
  const error = await call().catch((reason) => reason);
  if (!(error instanceof ApiException)) throw error;
  const { body } = error;
  if (typeof body === 'string') return `text, ${JSON.parse(body).reason} in it`;
  return body === undefined ? 'undefined' : `object, ${body.reason}`;
}
const seen = {};
for (code of Object.keys(reasons).map(Number)) {
  seen[code] = [];
  for (const call of Object.values(calls)) seen[code].push(await bodyOf(call));
}
server.close();
console.log(Object.keys(calls).join(' and '), JSON.stringify(seen, null, 1));
const text = (of) => [`text, ${reasons[of]} in it`, 'undefined'];
const known = {
  401: ['undefined', 'undefined'], 403: text(403), 404: text(404), 409: text(409),
  500: ['text, InternalError in it', 'object, InternalError'],
};
process.exit(JSON.stringify(seen) === JSON.stringify(known) ? 0 : 1);
SCRIPT
node "$folder/ask.mjs"
