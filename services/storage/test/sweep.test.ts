import { randomBytes, randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { someone } from '@secureconnect/tokens/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StorageContext } from '../src/context.ts';
import { sweep } from '../src/uploads/sweep.ts';
import { log, openTestContext } from './context.ts';
import { here, send, startStorage, type TestStorage } from './harness.ts';

const minuteMs = 60_000;
const nothing = { expiredReservations: 0, removedObjects: 0, forgottenFiles: 0 };
let nowMs: number;
let storage: TestStorage;
let context: StorageContext;

beforeEach(async () => {
  nowMs = Date.now();
  const now = () => nowMs;
  storage = await startStorage({ overrides: { now } });
  context = await openTestContext(storage, { now });
});
afterEach(() => storage[Symbol.asyncDispose]());

const unattached = () => storage.database.query('SELECT object_id FROM storage.unattached_objects');

describe('the sweep', () => {
  it('releases the reservation of an upload that was never finished, with its bytes', async () => {
    const user = someone();
    const bytes = randomBytes(1000);
    await storage.reserve(user, bytes);
    // Its process ended between PUT and complete.
    const { file_id, upload_url, headers } = await storage.reserve(user, bytes);
    await send(here(storage.url, upload_url), bytes, headers);
    const kept = await storage.upload(user, Buffer.from('kept'));
    const totalBytes = 10 * 1024 ** 3;

    nowMs += 59 * minuteMs;
    expect(await sweep(context, log)).toEqual(nothing);
    expect(await storage.quota(user)).toMatchObject({ available: totalBytes - 2004 });

    nowMs += 2 * minuteMs;
    expect(await sweep(context, log)).toEqual({ ...nothing, expiredReservations: 2 });
    expect(await storage.quota(user)).toMatchObject({ used: 4, available: totalBytes - 4 });
    expect(await storage.stored()).toHaveLength(1);
    expect(await unattached()).toEqual([]);
    expect((await fetch(await storage.downloadUrl(user, kept))).status).toBe(200);
    const { token } = user;
    const late = await storage.call('POST', '/v1/storage/upload-complete', {
      token,
      body: { file_id },
    });
    expect(late.status).toBe(404);
    expect(await sweep(context, log)).toEqual(nothing);
  });

  it('by several concurrent instances releases each reservation once', async () => {
    const user = someone();
    const bytes = Buffer.from('12345');
    for (let index = 0; index < 20; index += 1) await storage.reserve(user, bytes);
    nowMs += 61 * minuteMs;
    const swept = await Promise.all(Array.from({ length: 4 }, () => sweep(context, log)));
    const together = swept.reduce((sum, { expiredReservations }) => sum + expiredReservations, 0);
    expect(together).toBe(20);
    expect(await storage.quota(user)).toMatchObject({ used: 0, available: 10 * 1024 ** 3 });
  });

  it('removes the leftovers of a process that was killed while it wrote, and nothing else', async () => {
    const user = someone();
    await storage.upload(user, Buffer.from('kept'));
    const whole = randomUUID();
    const half = randomUUID();
    for (const objectId of [whole, half]) {
      const folder = join(storage.directory, objectId.slice(0, 2));
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, objectId === half ? `${half}.part` : whole), 'left behind');
      await storage.database.execute(
        'INSERT INTO storage.unattached_objects (object_id, since) VALUES ($1, $2)',
        [objectId, new Date(nowMs)],
      );
    }
    nowMs += 59 * minuteMs;
    expect(await sweep(context, log)).toEqual(nothing);
    expect(await storage.stored()).toHaveLength(3);
    nowMs += 2 * minuteMs;
    expect(await sweep(context, log)).toEqual({ ...nothing, removedObjects: 2 });
    expect(await storage.stored()).toHaveLength(1);
    expect(await unattached()).toEqual([]);
  });

  it('removes later the bytes that could not be removed at once', async () => {
    const user = someone();
    let broken = true;
    const objects = new Proxy(context.objects, {
      get: (target, name) =>
        name === 'remove' && broken
          ? async () => {
              throw new Error('the directory is away');
            }
          : Reflect.get(target, name).bind(target),
    });
    const other = await startStorage({ beside: storage, overrides: { objects, now: () => nowMs } });
    const fileId = await other.upload(user, Buffer.from('x'));
    const { token } = user;
    const reply = await other.call('DELETE', `/v1/storage/files/${fileId}`, { token });
    expect(reply.status).toBe(200);
    expect(await storage.stored()).toHaveLength(1);
    broken = false;
    nowMs += 61 * minuteMs;
    expect(await sweep(context, log)).toEqual({ ...nothing, removedObjects: 1 });
    expect(await storage.stored()).toEqual([]);
    await other[Symbol.asyncDispose]();
  });

  it('forgets deleted files after a month', async () => {
    const user = someone();
    const { token } = user;
    const fileId = await storage.upload(user, Buffer.from('x'));
    const remove = () => storage.call('DELETE', `/v1/storage/files/${fileId}`, { token });
    await remove();
    nowMs += 29 * 24 * 60 * minuteMs;
    expect(await sweep(context, log)).toEqual(nothing);
    nowMs += 2 * 24 * 60 * minuteMs;
    expect(await sweep(context, log)).toEqual({ ...nothing, forgottenFiles: 1 });
    expect((await remove()).status).toBe(404);
  });
});
