import { randomBytes } from 'node:crypto';
import { rm, truncate } from 'node:fs/promises';
import { someone } from '@secureconnect/tokens/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sha256, startStorage, type TestStorage } from './harness.ts';

const user = someone();
const bytes = randomBytes(100_000);
const etag = `"${sha256(bytes)}"`;
let storage: TestStorage;
let link: string;

beforeAll(async () => {
  storage = await startStorage();
  const fileId = await storage.upload(user, bytes, {
    file_name: 'Übersicht "2".html',
    content_type: 'text/html',
  });
  link = await storage.downloadUrl(user, fileId);
});
afterAll(() => storage[Symbol.asyncDispose]());

const get = async (headers: Record<string, string> = {}, method = 'GET') => {
  const response = await fetch(link, { method, headers });
  const body = Buffer.from(await response.arrayBuffer());
  return { status: response.status, headers: response.headers, body };
};

describe('a download', () => {
  it('is an attachment that cannot run as a page', async () => {
    const { status, headers, body } = await get();
    expect(status).toBe(200);
    expect(body.equals(bytes)).toBe(true);
    expect(headers.get('content-disposition')).toBe(
      `attachment; filename="_bersicht _2_.html"; filename*=UTF-8''%C3%9Cbersicht%20%222%22.html`,
    );
    expect(headers.get('content-type')).toBe('text/html');
    expect(headers.get('content-security-policy')).toBe("default-src 'none'; sandbox");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('etag')).toBe(etag);
    expect(headers.get('accept-ranges')).toBe('bytes');
    expect(headers.get('content-length')).toBe('100000');
    expect(headers.get('x-request-id')).toBeTruthy();
  });

  it('is described by HEAD without its bytes, whatever the range', async () => {
    const { status, headers, body } = await get({ range: 'bytes=0-9' }, 'HEAD');
    expect([status, headers.get('content-length'), body.length]).toEqual([200, '100000', 0]);
    expect(headers.get('etag')).toBe(etag);
  });

  it.each([
    ['bytes=0-0', 0, 0],
    ['bytes=10-19', 10, 19],
    ['bytes=99990-', 99_990, 99_999],
    ['bytes=99990-200000', 99_990, 99_999],
    ['bytes=-5', 99_995, 99_999],
    ['bytes=-200000', 0, 99_999],
    ['BYTES=1-2', 1, 2],
  ])('gives %s', async (range, first, last) => {
    const { status, headers, body } = await get({ range });
    expect(status).toBe(206);
    expect(headers.get('content-range')).toBe(`bytes ${first}-${last}/100000`);
    expect(headers.get('content-length')).toBe(String(last - first + 1));
    expect(body.equals(bytes.subarray(first, last + 1))).toBe(true);
  });

  it.each(['bytes=100000-', 'bytes=200000-200001', 'bytes=-0'])(
    'refuses %s with 416',
    async (range) => {
      const { status, headers, body } = await get({ range });
      expect([status, headers.get('content-range'), body.length]).toEqual([
        416,
        'bytes */100000',
        0,
      ]);
    },
  );

  it.each(['bytes=5-4', 'bytes=a-b', 'bytes=-', 'lines=1-2', 'bytes=0-1,4-5', 'bytes', ''])(
    'is whole where the range %j means nothing here',
    async (range) => {
      const { status, body } = await get({ range });
      expect([status, body.length]).toEqual([200, 100_000]);
    },
  );

  it('is not sent again to a client that has it', async () => {
    for (const known of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
      const { status, body, headers } = await get({ 'if-none-match': known });
      expect([status, body.length, headers.get('etag')]).toEqual([304, 0, etag]);
    }
    expect((await get({ 'if-none-match': '"x"' })).status).toBe(200);
  });

  it('gives a range only of the bytes that If-Range names', async () => {
    const range = 'bytes=0-9';
    expect((await get({ range, 'if-range': etag })).status).toBe(206);
    expect((await get({ range, 'if-range': '"x"' })).status).toBe(200);
    expect((await get({ range, 'if-range': `W/${etag}` })).status).toBe(200);
    expect((await get({ range, 'if-range': new Date().toUTCString() })).status).toBe(200);
  });

  it('survives clients that break off', async () => {
    const { body } = await fetch(link);
    await body?.cancel();
    expect((await get()).status).toBe(200);
  });

  it('of a large file is the same bytes, whole or in part', async () => {
    const large = randomBytes(3_000_000);
    const fileId = await storage.upload(user, large);
    const url = await storage.downloadUrl(user, fileId);
    const whole = await fetch(url);
    expect(Buffer.from(await whole.arrayBuffer()).equals(large)).toBe(true);
    const range = await fetch(url, { headers: { range: 'bytes=1000-2500000' } });
    expect(range.status).toBe(206);
    const part = Buffer.from(await range.arrayBuffer());
    expect(part.equals(large.subarray(1000, 2_500_001))).toBe(true);
  });

  it.each([
    ['a small file', 1000, rm],
    ['a large file', 1_000_000, rm],
    ['the end of a small file', 1000, (path: string) => truncate(path, 999)],
    ['the end of a large file', 1_000_000, (path: string) => truncate(path, 999_999)],
  ])('of %s that the store has lost is 404, not half a reply', async (_what, sizeBytes, lose) => {
    const lost = await storage.upload(user, randomBytes(sizeBytes));
    const [row] = await storage.database.query<{ object_id: string }>(
      'SELECT object_id FROM storage.files WHERE file_id = $1',
      [lost],
    );
    await lose(`${storage.directory}/${row?.object_id.slice(0, 2)}/${row?.object_id}`);
    const response = await fetch(await storage.downloadUrl(user, lost));
    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toContain('application/json');
  });
});

describe('download-url', () => {
  it('is valid for an hour', async () => {
    const fileId = await storage.upload(user, Buffer.from('x'));
    const { token } = user;
    const reply = await storage.call('GET', `/v1/storage/download-url/${fileId}`, { token });
    const inSeconds = (Date.parse(String(reply.body.data?.['expires_at'])) - Date.now()) / 1000;
    expect(inSeconds).toBeGreaterThan(3590);
    expect(inSeconds).toBeLessThanOrEqual(3600);
  });

  it('is refused for a file that does not exist, or is not complete', async () => {
    const { token } = user;
    const status = async (id: string) =>
      (await storage.call('GET', `/v1/storage/download-url/${id}`, { token })).status;
    expect(await status('0f0e0d0c-0b0a-4908-8706-050403020100')).toBe(404);
    expect(await status('..%2f..%2fetc%2fpasswd')).toBe(400);
    const { file_id } = await storage.reserve(user, Buffer.from('x'));
    expect(await status(file_id)).toBe(409);
  });
});
