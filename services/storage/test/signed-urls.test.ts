import { someone } from '@secureconnect/tokens/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SignedUrls } from '../src/signed-urls.ts';
import { here, send, startStorage, type TestStorage } from './harness.ts';

const user = someone();
const bytes = Buffer.from('bytes');
let nowMs = Date.now();
let storage: TestStorage;
let fileId: string;
let download: string;
let upload: string;

beforeAll(async () => {
  storage = await startStorage({ overrides: { now: () => nowMs } });
  fileId = await storage.upload(user, bytes);
  download = await storage.downloadUrl(user, fileId);
  upload = here(storage.url, (await storage.reserve(user, bytes)).upload_url);
});
afterAll(() => storage[Symbol.asyncDispose]());

/** The URL with one part of its query changed, or left out. */
const changed = (url: string, name: string, value: string | undefined): string => {
  const parsed = new URL(url);
  if (value === undefined) parsed.searchParams.delete(name);
  else parsed.searchParams.set(name, value);
  return parsed.href;
};

const forbidden = async (url: string, method = 'GET') => {
  const { origin, pathname, search } = new URL(url);
  const put = method === 'PUT' ? { bytes, headers: { 'content-type': 'text/plain' } } : {};
  const reply = await storage.call(method, `${pathname}${search}`, put);
  expect([reply.status, reply.body.error?.code, origin]).toEqual([403, 'FORBIDDEN', storage.url]);
};

describe('a signed URL', () => {
  it('is refused without a signature, and with a wrong one', async () => {
    const signature = new URL(download).searchParams.get('signature') ?? '';
    const flipped = `${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`;
    for (const value of [undefined, '', 'x', flipped, signature.slice(0, -4), '~~~']) {
      await forbidden(changed(download, 'signature', value));
    }
  });

  it('is refused with anything else changed', async () => {
    await forbidden(changed(download, 'expires', '99999999999'));
    await forbidden(changed(download, 'expires', undefined));
    await forbidden(changed(download, 'length', '5'));
    await forbidden(changed(download, 'type', 'text/html'));
    await forbidden(download.replace(fileId, '0f0e0d0c-0b0a-4908-8706-050403020100'));
    await forbidden(changed(upload, 'length', '500'), 'PUT');
    await forbidden(changed(upload, 'type', 'text/html'), 'PUT');
  });

  it('for reading does not write, and the other way round', async () => {
    await forbidden(download, 'PUT');
    await forbidden(upload, 'GET');
  });

  it('is refused when it was signed with a different secret', async () => {
    const options = { publicUrl: storage.url, now: () => nowMs };
    const forger = new SignedUrls({ ...options, secret: Buffer.alloc(32, 'x') });
    await forbidden(forger.download(fileId).url);
  });

  it('is valid until it expires', async () => {
    const before = nowMs;
    nowMs += 15 * 60_000 - 1000;
    const headers = { 'content-type': 'text/plain' };
    expect((await send(upload, bytes, headers)).status).toBe(200);
    nowMs = before + 15 * 60_000;
    await forbidden(upload, 'PUT');
    nowMs = before + 3_599_000;
    expect((await fetch(download)).status).toBe(200);
    nowMs = before + 3_600_000;
    await forbidden(download);
    nowMs = before;
  });

  it('with a parameter given twice is not valid', async () => {
    const twice = await fetch(`${download}&expires=1`);
    expect(twice.status).toBe(400);
  });

  it('is never guessed', () => {
    const options = { publicUrl: 'http://host', now: Date.now };
    const urls = new SignedUrls({ ...options, secret: Buffer.from('secret') });
    const part = fc.string({ maxLength: 80 });
    fc.assert(
      fc.property(part, part, part, part, (expires, length, type, signature) => {
        const query = { expires, length, type, signature };
        expect(() => urls.verifyUpload(fileId, query)).toThrow('This link is not valid');
      }),
    );
  });
});
