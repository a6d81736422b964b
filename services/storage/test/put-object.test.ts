import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { someone } from '@secureconnect/tokens/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { here, send, startStorage, type TestStorage } from './harness.ts';

let storage: TestStorage;
beforeAll(async () => {
  storage = await startStorage();
});
afterAll(() => storage[Symbol.asyncDispose]());

describe('a PUT', () => {
  const refused = async (
    sent: Buffer,
    change: Record<string, string> = {},
  ): Promise<{ status: number; code: string | undefined }> => {
    const { upload_url, headers } = await storage.reserve(someone(), Buffer.from('12345'));
    const before = await storage.stored();
    const reply = await send(here(storage.url, upload_url), sent, { ...headers, ...change });
    expect(await storage.stored()).toEqual(before);
    return { status: reply.status, code: reply.body.error?.code };
  };

  it('is refused when it announces more or fewer bytes, and leaves no file', async () => {
    expect(await refused(Buffer.from('123456'))).toEqual({
      status: 413,
      code: 'PAYLOAD_TOO_LARGE',
    });
    expect(await refused(Buffer.from('1234'))).toEqual({ status: 400, code: 'VALIDATION_ERROR' });
    expect(await refused(randomBytes(3_000_000))).toMatchObject({ status: 413 });
  });

  it('is refused with a different content type, or an encoding', async () => {
    const five = Buffer.from('12345');
    const unsupported = { status: 415, code: 'UNSUPPORTED_MEDIA_TYPE' };
    expect(await refused(five, { 'Content-Type': 'text/html' })).toEqual(unsupported);
    expect(await refused(five, { 'Content-Type': 'text/plain; charset=x' })).toEqual(unsupported);
    expect(await refused(five, { 'content-encoding': 'gzip' })).toEqual(unsupported);
  });

  it('accepts the content type in a different spelling', async () => {
    const five = Buffer.from('12345');
    const { upload_url } = await storage.reserve(someone(), five, {
      content_type: 'text/plain; charset=utf-8',
    });
    const headers = { 'content-type': 'Text/Plain;charset=UTF-8' };
    expect((await send(here(storage.url, upload_url), five, headers)).status).toBe(200);
  });

  /** Sends chunks without announcing their length. */
  const sendChunked = (url: string, chunks: readonly Buffer[]): Promise<number> =>
    new Promise((resolve, reject) => {
      const options = { method: 'PUT', headers: { 'content-type': 'text/plain' } };
      const sending = request(url, options, (response) => {
        response.resume();
        response.on('end', () => resolve(response.statusCode ?? 0));
      });
      sending.on('error', reject);
      for (const chunk of chunks) sending.write(chunk);
      sending.end();
    });

  it('without a length is measured as it arrives', async () => {
    const bytes = randomBytes(100_000);
    const chunks = [bytes.subarray(0, 60_000), bytes.subarray(60_000)];
    const { upload_url } = await storage.reserve(someone(), bytes);
    const url = here(storage.url, upload_url);
    const before = await storage.stored();
    expect(await sendChunked(url, [...chunks, Buffer.from('x')])).toBe(413);
    expect(await sendChunked(url, chunks.slice(0, 1))).toBe(400);
    expect(await storage.stored()).toEqual(before);
    expect(await sendChunked(url, chunks)).toBe(200);
  });

  it('that breaks off leaves no file and can be sent again', async () => {
    const bytes = randomBytes(500_000);
    const { upload_url, headers } = await storage.reserve(someone(), bytes);
    const url = here(storage.url, upload_url);
    const before = await storage.stored();
    const broken = request(url, {
      method: 'PUT',
      headers: { ...headers, 'content-length': bytes.length },
    });
    const gone = new Promise((resolve) => broken.on('error', resolve).on('close', resolve));
    broken.write(bytes.subarray(0, 200_000), () => broken.destroy());
    await gone;
    await expect.poll(() => storage.stored()).toEqual(before);
    expect((await send(url, bytes, headers)).status).toBe(200);
  });

  const unattached = () =>
    storage.database.query('SELECT object_id FROM storage.unattached_objects');

  it('leaves the bytes of one of many at the same time, and nothing of the others', async () => {
    const all = Array.from({ length: 8 }, () => randomBytes(1000));
    const user = someone();
    const { file_id, upload_url, headers } = await storage.reserve(user, randomBytes(1000));
    const before = await storage.stored();
    const url = here(storage.url, upload_url);
    const replies = await Promise.all(all.map((bytes) => send(url, bytes, headers)));
    expect(replies.map(({ status }) => status)).toEqual(Array(8).fill(200));
    expect(await storage.stored()).toHaveLength(before.length + 1);
    expect(await unattached()).toEqual([]);
    const { token } = user;
    await storage.call('POST', '/v1/storage/upload-complete', { token, body: { file_id } });
    const download = await fetch(await storage.downloadUrl(user, file_id));
    const kept = Buffer.from(await download.arrayBuffer());
    expect(all.filter((bytes) => bytes.equals(kept))).toHaveLength(1);
  });

  it('for a file that is not pending writes nothing', async () => {
    const five = Buffer.from('12345');
    const user = someone();
    const { file_id, upload_url, headers } = await storage.reserve(user, five);
    const url = here(storage.url, upload_url);
    const { token } = user;
    await storage.call('DELETE', `/v1/storage/files/${file_id}`, { token });
    const before = await storage.stored();
    const reply = await send(url, five, headers);
    expect([reply.status, reply.body.error?.code]).toEqual([404, 'NOT_FOUND']);
    expect(await storage.stored()).toEqual(before);
    expect(await unattached()).toEqual([]);
  });
});
