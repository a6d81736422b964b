import { someone } from '@secureconnect/tokens/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sweep } from '../src/uploads/sweep.ts';
import { log, openTestContext } from './context.ts';
import { here, newUpload, send, startStorage, type TestStorage } from './harness.ts';

const quotaBytes = 10_000;
let storage: TestStorage;
beforeAll(async () => {
  storage = await startStorage({ environment: { STORAGE_QUOTA_BYTES: String(quotaBytes) } });
});
afterAll(() => storage[Symbol.asyncDispose]());

const ask = (at: TestStorage, token: string, sizeBytes: number) =>
  at.call('POST', '/v1/storage/upload-url', {
    token,
    body: newUpload(Buffer.alloc(0), { file_size: sizeBytes }),
  });

const statuses = (replies: readonly { status: number }[]) => ({
  granted: replies.filter(({ status }) => status === 200).length,
  refused: replies.filter(({ status }) => status === 413).length,
});

describe('the quota', () => {
  it('of a new user is unused', async () => {
    expect(await storage.quota(someone())).toEqual({
      used: 0,
      total: quotaBytes,
      available: quotaBytes,
      usage_percentage: 0,
    });
  });

  it('is reserved by upload-url, used by upload-complete and given back by DELETE', async () => {
    const user = someone();
    const { token } = user;
    const bytes = Buffer.alloc(1234);
    const { file_id, upload_url, headers } = await storage.reserve(user, bytes);
    expect(await storage.quota(user)).toMatchObject({ used: 0, available: 8766 });
    await send(here(storage.url, upload_url), bytes, headers);
    await storage.call('POST', '/v1/storage/upload-complete', { token, body: { file_id } });
    expect(await storage.quota(user)).toEqual({
      used: 1234,
      total: quotaBytes,
      available: 8766,
      usage_percentage: 12.34,
    });
    await storage.call('DELETE', `/v1/storage/files/${file_id}`, { token });
    expect(await storage.quota(user)).toMatchObject({ used: 0, available: quotaBytes });
  });

  it('that is too small names what is left', async () => {
    const { token } = someone();
    await ask(storage, token, 9000);
    const reply = await ask(storage, token, 1001);
    expect([reply.status, reply.body.error?.code]).toEqual([413, 'PAYLOAD_TOO_LARGE']);
    expect(reply.body.error?.message).toContain('1000 of 10000 bytes are left');
    expect(reply.body.error?.details?.[0]?.field).toBe('body.file_size');
    expect((await ask(storage, token, 1000)).status).toBe(200);
  });

  it('is never oversold by 50 concurrent uploads, over two instances', async () => {
    const other = await startStorage({
      beside: storage,
      environment: { STORAGE_QUOTA_BYTES: String(quotaBytes) },
    });
    const user = someone();
    const replies = await Promise.all(
      Array.from({ length: 50 }, (_, n) => ask(n % 2 === 0 ? storage : other, user.token, 500)),
    );
    expect(statuses(replies)).toEqual({ granted: 20, refused: 30 });
    expect(await storage.quota(user)).toMatchObject({ used: 0, available: 0 });
    await other[Symbol.asyncDispose]();
  });

  it('at 95 % is never oversold by 200 concurrent uploads, and all of it is released when they expire', async () => {
    let nowMs = Date.now();
    const now = (): number => nowMs;
    const user = someone();
    await storage.upload(user, Buffer.alloc(9500));
    const environment = { STORAGE_QUOTA_BYTES: String(quotaBytes) };
    await using one = await startStorage({ beside: storage, environment, overrides: { now } });
    await using other = await startStorage({ beside: storage, environment, overrides: { now } });
    const replies = await Promise.all(
      Array.from({ length: 200 }, (_, n) => ask(n % 2 === 0 ? one : other, user.token, 10)),
    );
    expect(statuses(replies)).toEqual({ granted: 50, refused: 150 });
    expect(await storage.quota(user)).toMatchObject({ used: 9500, available: 0 });
    nowMs += 61 * 60_000;
    const context = await openTestContext(storage, { now });
    await Promise.all([sweep(context, log), sweep(context, log)]);
    expect(await storage.quota(user)).toMatchObject({ used: 9500, available: 500 });
  });

  it('adds up after concurrent uploads, completions and deletions', async () => {
    const user = someone();
    const { token } = user;
    const one = async (index: number): Promise<void> => {
      const bytes = Buffer.alloc(100 + index);
      const { file_id, upload_url, headers } = await storage.reserve(user, bytes);
      await send(here(storage.url, upload_url), bytes, headers);
      const body = { file_id };
      const path = `/v1/storage/files/${file_id}`;
      const complete = () => storage.call('POST', '/v1/storage/upload-complete', { token, body });
      const remove = () => storage.call('DELETE', path, { token });
      await Promise.all(
        index % 3 === 0 ? [complete(), remove(), remove()] : [complete(), complete()],
      );
    };
    await Promise.all(Array.from({ length: 24 }, (_, index) => one(index)));
    const kept = Array.from({ length: 24 }, (_, index) => (index % 3 === 0 ? 0 : 100 + index));
    const usedBytes = kept.reduce((sum, sizeBytes) => sum + sizeBytes, 0);
    expect(await storage.quota(user)).toMatchObject({
      used: usedBytes,
      available: quotaBytes - usedBytes,
    });
  });

  it('that was lowered below what is used leaves 0, not less', async () => {
    const user = someone();
    await storage.upload(user, Buffer.alloc(500));
    const smaller = await startStorage({
      beside: storage,
      environment: { STORAGE_QUOTA_BYTES: '400' },
    });
    expect(await smaller.quota(user)).toEqual({
      used: 500,
      total: 400,
      available: 0,
      usage_percentage: 125,
    });
    await smaller[Symbol.asyncDispose]();
  });
});
