#!/usr/bin/env bash
# MinIO (commit 7aac2a2c5b7c, February 2026) and the rules for browsers that S3 keeps by bucket.
# GetBucketCors answers NoSuchCORSConfiguration, as a store does that keeps such rules and has none
# for this bucket. PutBucketCors with a valid rule then answers 501 NotImplemented, "A header you
# provided implies functionality that is not implemented", though the request has no unusual header.
# Preflights to the bucket are answered for every origin meanwhile, from the server's own setting.
# Needs Go 1.25 and Node 20 with npm; the first build takes some minutes.
set -euo pipefail

minio_version=v0.0.0-20260212201848-7aac2a2c5b7c
client_version=8.0.7
port=19471
folder=$(mktemp -d)
server=
clean_up() {
  if [[ -n $server ]]; then
    kill "$server" || true
    wait "$server" || true
  fi
  chmod -R u+w "$folder"
  rm -rf "$folder"
}
trap clean_up EXIT

cd "$folder"
GOBIN="$folder" go install "github.com/minio/minio@$minio_version"
npm install --silent --no-save --prefix "$folder" "minio@$client_version" >/dev/null
"$folder/minio" --version | head -n 1
echo "minio (npm) $client_version"

MINIO_ROOT_USER=finding MINIO_ROOT_PASSWORD=finding-finding \
  "$folder/minio" server --quiet --address "127.0.0.1:$port" "$folder/data" >"$folder/log" 2>&1 &
server=$!
for _ in $(seq 300); do
  curl -fs "http://127.0.0.1:$port/minio/health/ready" >/dev/null && break
  sleep 0.1
done

cat >"$folder/ask.mjs" <<'SCRIPT'
import { createHash } from 'node:crypto';
import { Client } from 'minio';

const port = Number(process.argv[2]);
const region = 'us-east-1';
const client = new Client({
  endPoint: '127.0.0.1', port, useSSL: false, region,
  accessKey: 'finding', secretKey: 'finding-finding', retryOptions: { disableRetry: true },
});
const bucketName = 'pages';
await client.makeBucket(bucketName, region);

const outcome = async (name, request) => {
  try {
    const reply = await request();
    reply.resume?.();
    return `${name}: ok`;
  } catch (error) {
    return `${name}: ${error.code} (${error.message})`;
  }
};
const rule =
  '<CORSConfiguration><CORSRule><AllowedOrigin>https://app.example.com</AllowedOrigin>' +
  '<AllowedMethod>PUT</AllowedMethod></CORSRule></CORSConfiguration>';
const headers = { 'Content-MD5': createHash('md5').update(rule).digest('base64') };
const seen = [
  await outcome('GetBucketCors', () =>
    client.makeRequestAsync({ method: 'GET', bucketName, query: 'cors' }, '', [200], region)),
  await outcome('PutBucketCors', () =>
    client.makeRequestAsync({ method: 'PUT', bucketName, query: 'cors', headers }, rule, [200], region)),
];
const preflight = await fetch(`http://127.0.0.1:${port}/${bucketName}/file`, {
  method: 'OPTIONS',
  headers: { origin: 'https://other.example.com', 'access-control-request-method': 'PUT' },
});
seen.push(`preflight of an origin in no rule: ${preflight.headers.get('access-control-allow-origin')}`);

const expected = [
  'GetBucketCors: NoSuchCORSConfiguration (The CORS configuration does not exist)',
  'PutBucketCors: NotImplemented (A header you provided implies functionality that is not implemented)',
  'preflight of an origin in no rule: https://other.example.com',
];
console.log(seen.join('\n'));
if (JSON.stringify(seen) !== JSON.stringify(expected)) {
  console.error(`The behaviour has changed; it was:\n${expected.join('\n')}`);
  process.exit(1);
}
SCRIPT
node "$folder/ask.mjs" "$port"
