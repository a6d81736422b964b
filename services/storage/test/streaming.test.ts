import { randomBytes } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { eventually } from '@secureconnect/testkit';
import { someone } from '@secureconnect/tokens/testing';
import { expect, it } from 'vitest';
import { here, sha256, startStorage, type TestStorage } from './harness.ts';

const mebibyte = 1024 * 1024;

/** How many bytes of an unfinished upload are in the object store; throws while there is none. */
async function partBytes(storage: TestStorage): Promise<number> {
  const name = (await storage.stored()).find((stored) => stored.endsWith('.part'));
  if (name === undefined) throw new Error('no upload is under way');
  return (await stat(join(storage.directory, name.slice(0, 2), name))).size;
}

it('writes 50 MiB to the store as they arrive', async () => {
  await using storage = await startStorage();
  const user = someone();
  const bytes = randomBytes(50 * mebibyte);
  const { file_id, upload_url, headers } = await storage.reserve(user, bytes);
  const options = { method: 'PUT', headers: { ...headers, 'content-length': bytes.length } };
  const sending = request(here(storage.url, upload_url), options);
  const status = new Promise((resolve, reject) => {
    sending.on('response', (response) => resolve(response.resume().statusCode));
    sending.on('error', reject);
  });

  sending.write(bytes.subarray(0, 25 * mebibyte));
  // Everything except what the sockets and one chunk hold is written before the rest is even sent.
  await eventually(async () => {
    expect(await partBytes(storage)).toBeGreaterThan(24 * mebibyte);
  });
  sending.end(bytes.subarray(25 * mebibyte));
  expect(await status).toBe(200);
  const done = await storage.call('POST', '/v1/storage/upload-complete', {
    token: user.token,
    body: { file_id, checksum_sha256: sha256(bytes) },
  });
  expect(done.status).toBe(200);

  const download = await fetch(await storage.downloadUrl(user, file_id));
  expect(sha256(Buffer.from(await download.arrayBuffer()))).toBe(sha256(bytes));
});
