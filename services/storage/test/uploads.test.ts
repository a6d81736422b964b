import { randomBytes } from 'node:crypto';
import { someone } from '@secureconnect/tokens/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { here, newUpload, send, sha256, startStorage, type TestStorage } from './harness.ts';

let storage: TestStorage;
beforeAll(async () => {
  storage = await startStorage();
});
afterAll(() => storage[Symbol.asyncDispose]());

const complete = (token: string, body: object) =>
  storage.call('POST', '/v1/storage/upload-complete', { token, body });

describe('an upload', () => {
  it('goes from upload-url over PUT and upload-complete to download-url and the same bytes', async () => {
    const user = someone();
    const bytes = randomBytes(200_000);
    const asked = await storage.call('POST', '/v1/storage/upload-url', {
      token: user.token,
      body: newUpload(bytes, { file_name: 'photo.png', content_type: 'image/png' }),
    });
    expect(asked.status).toBe(200);
    const target = asked.body.data;
    expect(target).toMatchObject({ method: 'PUT', headers: { 'Content-Type': 'image/png' } });
    expect(String(target?.['upload_url'])).toMatch(/^http:\/\/localhost:8084\/v1\/storage\//);
    const inSeconds = (Date.parse(String(target?.['expires_at'])) - Date.now()) / 1000;
    expect(inSeconds).toBeGreaterThan(890);
    expect(inSeconds).toBeLessThanOrEqual(900);

    const put = await send(here(storage.url, String(target?.['upload_url'])), bytes, {
      'content-type': 'image/png',
    });
    expect([put.status, put.text]).toEqual([200, '']);
    expect(put.headers.get('etag')).toBe(`"${sha256(bytes)}"`);

    const fileId = target?.['file_id'];
    const done = await complete(user.token, { file_id: fileId, checksum_sha256: sha256(bytes) });
    expect(done.status).toBe(200);
    expect(done.body.data).toEqual({
      file_id: fileId,
      file_name: 'photo.png',
      file_size: bytes.length,
      content_type: 'image/png',
      status: 'uploaded',
      created_at: expect.any(String),
    });

    const download = await fetch(await storage.downloadUrl(user, String(fileId)));
    expect(download.status).toBe(200);
    expect(download.headers.get('content-type')).toBe('image/png');
    expect(Buffer.from(await download.arrayBuffer()).equals(bytes)).toBe(true);
  });

  it('is completed once, however often completion is requested', async () => {
    const user = someone();
    const bytes = randomBytes(50);
    const { file_id, upload_url, headers } = await storage.reserve(user, bytes);
    await send(here(storage.url, upload_url), bytes, headers);
    const replies = await Promise.all(
      Array.from({ length: 8 }, () => complete(user.token, { file_id })),
    );
    expect(replies.map((reply) => reply.status)).toEqual(Array(8).fill(200));
    expect(await storage.quota(user)).toMatchObject({ used: 50 });
  });

  it('has the bytes of the last PUT, until it is complete', async () => {
    const user = someone();
    const [first, second] = [Buffer.from('first'), Buffer.from('other')];
    const { file_id, upload_url, headers } = await storage.reserve(user, first);
    const url = here(storage.url, upload_url);
    const before = await storage.stored();
    expect((await send(url, first, headers)).status).toBe(200);
    expect((await send(url, second, headers)).status).toBe(200);
    // The first bytes are gone.
    expect((await storage.stored()).length).toBe(before.length + 1);
    expect((await complete(user.token, { file_id })).status).toBe(200);
    const late = await send(url, first, headers);
    expect([late.status, late.body.error?.code]).toEqual([409, 'CONFLICT']);
    const download = await fetch(await storage.downloadUrl(user, file_id));
    expect(await download.text()).toBe('other');
  });

  it('never changes after completion, also when PUTs and completions race', async () => {
    const user = someone();
    const { file_id, upload_url, headers } = await storage.reserve(user, Buffer.from('0000'));
    const url = here(storage.url, upload_url);
    await send(url, Buffer.from('0000'), headers);
    const puts = Array.from({ length: 6 }, (_, n) =>
      send(url, Buffer.from(`${n}${n}${n}${n}`), headers),
    );
    const said = await Promise.all(
      Array.from({ length: 3 }, () => complete(user.token, { file_id })),
    );
    for (const { status } of await Promise.all(puts)) expect([200, 409]).toContain(status);
    for (const { status } of said) expect([200, 409]).toContain(status);
    await complete(user.token, { file_id });
    const link = await storage.downloadUrl(user, file_id);
    const texts = [await (await fetch(link)).text(), await (await fetch(link)).text()];
    expect(texts[0]).toMatch(/^(\d)\1{3}$/);
    expect(texts[1]).toBe(texts[0]);
    expect(await storage.quota(user)).toMatchObject({ used: 4 });
  });

  it('cannot be completed before its bytes have arrived', async () => {
    const user = someone();
    const { file_id } = await storage.reserve(user, Buffer.from('bytes'));
    const reply = await complete(user.token, { file_id });
    expect([reply.status, reply.body.error?.code]).toEqual([409, 'CONFLICT']);
  });

  it('cannot be completed with a wrong checksum, and may be sent again', async () => {
    const user = someone();
    const bytes = Buffer.from('right');
    const { file_id, upload_url, headers } = await storage.reserve(user, bytes);
    await send(here(storage.url, upload_url), Buffer.from('wrong'), headers);
    const wrong = await complete(user.token, { file_id, checksum_sha256: sha256(bytes) });
    expect([wrong.status, wrong.body.error?.code]).toEqual([400, 'VALIDATION_ERROR']);
    expect(wrong.body.error?.details?.[0]?.field).toBe('body.checksum_sha256');
    await send(here(storage.url, upload_url), bytes, headers);
    const right = await complete(user.token, { file_id, checksum_sha256: sha256(bytes) });
    expect(right.status).toBe(200);
  });

  it('belongs to its owner alone', async () => {
    const { file_id } = await storage.reserve(someone(), Buffer.from('mine'));
    const reply = await complete(someone().token, { file_id });
    expect([reply.status, reply.body.error?.code]).toEqual([404, 'NOT_FOUND']);
  });
});

describe('upload-url', () => {
  const wrong: [string, object][] = [
    ['body.file_name', { file_name: '../etc/passwd' }],
    ['body.file_name', { file_name: 'a\\b' }],
    ['body.file_name', { file_name: '..' }],
    ['body.file_name', { file_name: '' }],
    ['body.file_name', { file_name: 5 }],
    ['body.file_size', { file_size: -1 }],
    ['body.file_size', { file_size: 52_428_801 }],
    ['body.file_size', { file_size: '5' }],
    ['body.content_type', { content_type: 'text' }],
    ['body.content_type', { content_type: 'text/html\r\nX: y' }],
    ['body.conversation_id', { conversation_id: 'x' }],
    ['body.is_encrypted', { is_encrypted: 'yes' }],
  ];
  it.each(wrong)('names %s when it is %j', async (field, change) => {
    const body = newUpload(Buffer.from('1'), change);
    const { token } = someone();
    const reply = await storage.call('POST', '/v1/storage/upload-url', { token, body });
    expect([reply.status, reply.body.error?.code]).toEqual([400, 'VALIDATION_ERROR']);
    expect(reply.body.error?.details?.[0]?.field).toBe(field);
  });

  it('takes JSON, and requires a token', async () => {
    const { token } = someone();
    const url = '/v1/storage/upload-url';
    const broken = await storage.call('POST', url, { token, body: '{' });
    expect(broken.status).toBe(400);
    const text = await storage.call('POST', url, {
      token,
      body: '{}',
      headers: { 'content-type': 'text/plain' },
    });
    expect(text.status).toBe(415);
    expect((await storage.call('POST', url, { body: {} })).status).toBe(401);
    expect((await storage.call('PUT', url, { token })).status).toBe(405);
  });
});
