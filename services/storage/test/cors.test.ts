import { createServer } from 'node:http';
import { ownS3SkipReason, s3Engines, type TestS3, testS3 } from '@secureconnect/testkit';
import { someone } from '@secureconnect/tokens/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startStorage, type TestStorage } from './harness.ts';

const page = 'https://app.example.com';
const elsewhere = 'https://elsewhere.example.com';
const environment = { CORS_ORIGINS: page };
const bytes = Buffer.from('sent by a page');

const permission = ({ headers }: Response): string | null =>
  headers.get('access-control-allow-origin');
const preflight = (url: string, origin: string, method: string): Promise<Response> =>
  fetch(url, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': method,
      'access-control-request-headers': method === 'PUT' ? 'content-type' : 'range',
    },
  });

/** The whole of what a page does with a file. */
function describePages(given: () => TestStorage): void {
  it('a listed page uploads and downloads a file, and sees its name', async () => {
    const storage = given();
    const user = someone();
    const { upload_url, headers, file_id } = await storage.reserve(user, bytes);
    const to = storage.reach(upload_url);
    const asked = await preflight(to, page, 'PUT');
    expect(asked.ok).toBe(true);
    expect(permission(asked)).toBe(page);
    expect(asked.headers.get('access-control-allow-methods')).toContain('PUT');
    expect(asked.headers.get('access-control-allow-headers')?.toLowerCase()).toContain(
      'content-type',
    );
    const sent = await fetch(to, {
      method: 'PUT',
      headers: { ...headers, origin: page },
      body: bytes,
    });
    expect([sent.status, permission(sent)]).toEqual([200, page]);
    const { token } = user;
    await storage.call('POST', '/v1/storage/upload-complete', { token, body: { file_id } });

    const from = await storage.downloadUrl(user, file_id);
    expect(permission(await preflight(from, page, 'GET'))).toBe(page);
    const got = await fetch(from, { headers: { origin: page, range: 'bytes=0-3' } });
    expect([got.status, permission(got), await got.text()]).toEqual([206, page, 'sent']);
    const exposed = got.headers.get('access-control-expose-headers')?.toLowerCase();
    for (const name of ['content-disposition', 'accept-ranges', 'content-range', 'etag']) {
      expect(exposed).toContain(name);
    }
  });

  it('a page that is not listed gets no permission', async () => {
    const storage = given();
    const user = someone();
    const { upload_url } = await storage.reserve(user, bytes);
    expect(permission(await preflight(storage.reach(upload_url), elsewhere, 'PUT'))).toBeNull();
    const from = await storage.downloadUrl(user, await storage.upload(user, bytes));
    expect(permission(await fetch(from, { headers: { origin: elsewhere } }))).toBeNull();
  });
}

describe('files in a directory', () => {
  let storage: TestStorage;
  beforeAll(async () => {
    storage = await startStorage({ environment });
  });
  afterAll(() => storage[Symbol.asyncDispose]());
  describePages(() => storage);
});

describe.skipIf(ownS3SkipReason !== '')(`files in an S3${ownS3SkipReason}`, () => {
  const stack = new AsyncDisposableStack();
  const servers = new Map<string, TestS3>();
  beforeAll(async () => {
    for (const engine of s3Engines) servers.set(engine, stack.use(await testS3(engine)));
  });
  afterAll(() => stack.disposeAsync());
  const on = (engine: string): TestS3 => {
    const server = servers.get(engine);
    if (server === undefined) throw new Error(`${engine} was not started`);
    return server;
  };

  describe('that keeps rules by bucket', () => {
    let storage: TestStorage;
    beforeAll(async () => {
      storage = stack.use(await startStorage({ environment, s3: on('versitygw') }));
    });
    describePages(() => storage);
  });

  it('that answers with an unknown code stays in use', async () => {
    const strange = createServer((request, response) => {
      if (request.url?.includes('?cors')) {
        response.writeHead(500, { 'content-type': 'application/xml' });
        response.end('<Error><Code>Xyzzy</Code><Message>no</Message></Error>');
      } else response.end();
    });
    stack.defer(() => void strange.close());
    await new Promise<void>((resolve) => strange.listen(0, '127.0.0.1', resolve));
    const address = strange.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const s3 = { ...on('minio'), endpoint: `http://127.0.0.1:${port}` };
    await using storage = await startStorage({ environment, s3 });
    expect((await fetch(`${storage.url}/ready`)).status).toBe(200);
    await storage.reserve(someone(), bytes);
  });

  it('that keeps no rules by bucket is used too', async () => {
    await using storage = await startStorage({ environment, s3: on('minio') });
    const user = someone();
    const fileId = await storage.upload(user, bytes);
    expect((await fetch(await storage.downloadUrl(user, fileId))).status).toBe(200);
  });
});
