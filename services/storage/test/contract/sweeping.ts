import { someone } from '@secureconnect/tokens/testing';
import { expect, it } from 'vitest';
import { sweep } from '../../src/uploads/sweep.ts';
import { log } from '../context.ts';
import { newUpload, send } from '../harness.ts';
import type { ContractScene } from './scene.ts';

const hourMs = 60 * 60_000;

/** Uploads that end with their client, or with the process. */
export function describeSweeping(given: () => ContractScene): void {
  const unattached = () =>
    given().storage.database.query('SELECT object_id FROM storage.unattached_objects');

  it('is swept with its reservation, and a file that was uploaded stays', async () => {
    const scene = given();
    const { storage, context, stored } = scene;
    const user = someone();
    const { token } = user;
    const kept = await storage.upload(user, Buffer.from('kept'));
    const sent = Buffer.from('sent, not completed');
    const { upload_url, headers } = await storage.reserve(user, sent);
    await send(storage.reach(upload_url), sent, headers);
    // Given up, and then sent all the same by a URL that is still good.
    const late = await storage.reserve(user, sent);
    await storage.call('DELETE', `/v1/storage/files/${late.file_id}`, { token });
    await send(storage.reach(late.upload_url), sent, late.headers);
    const body = newUpload(Buffer.alloc(0), { file_size: 20_000_000 });
    const begun = await storage.call('POST', '/v1/storage/multipart', { token, body });
    const path = `/v1/storage/multipart/${String(begun.body.data?.['file_id'])}`;
    const asked = await storage.call('POST', `${path}/part-url`, {
      token,
      body: { part_number: 2 },
    });
    const part = asked.body.data as { upload_url: string; headers: Record<string, string> };
    await send(
      storage.reach(part.upload_url),
      Buffer.alloc(20_000_000 - 16 * 1024 ** 2),
      part.headers,
    );
    const nowMs = scene.nowMs;
    scene.nowMs = nowMs + 2 * hourMs;
    expect((await sweep(context, log)).expiredReservations).toBeGreaterThanOrEqual(1);
    scene.nowMs = nowMs + 25 * hourMs;
    await sweep(context, log);
    // What is let go of in a sweep may be removed by the next one alone.
    scene.nowMs = nowMs + 27 * hourMs;
    const again = await Promise.all([sweep(context, log), sweep(context, log)]);
    expect(again.map(({ expiredReservations }) => expiredReservations)).toEqual([0, 0]);
    expect(await unattached()).toEqual([]);
    const files = await storage.database.query<{ object_id: string }>(
      `SELECT object_id FROM storage.files WHERE status = 'uploaded'`,
    );
    expect(await stored()).toEqual(files.map((file) => file.object_id).sort());
    expect(await storage.quota(user)).toMatchObject({ used: 4, available: context.quotaBytes - 4 });
    scene.nowMs = nowMs;
    expect((await fetch(await storage.downloadUrl(user, kept))).status).toBe(200);
  });
}
