import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { someone } from '@secureconnect/tokens/testing';
import { beforeAll, expect, it } from 'vitest';
import { type Reconciliation, reconcile } from '../../src/reconciliation/reconcile.ts';
import { send } from '../harness.ts';
import type { ContractScene } from './scene.ts';

const hourMs = 60 * 60_000;

/** Differences between the rows and the store, as something that went wrong would make them. */
export function describeReconciling(given: () => ContractScene): void {
  const run = (fix = false): Promise<Reconciliation> => {
    const { context } = given();
    const now = (): number => given().nowMs + 2 * hourMs;
    return reconcile({ ...context, now, graceMs: hourMs, fix });
  };
  // What earlier tests of this store have left in order.
  beforeAll(async () => {
    const { missing, orphans, foreign, usage } = await run();
    expect({ missing, orphans, foreign, usage }).toEqual({
      missing: [],
      orphans: [],
      foreign: [],
      usage: [],
    });
  });

  /** Bytes that no row knows of. */
  const leaveOrphan = async (): Promise<string> => {
    const { context, storage } = given();
    const objectId = randomUUID();
    const bytes = Buffer.from('of nobody');
    if (context.served !== undefined) {
      await context.served.objects.write(objectId, Readable.from([bytes]), bytes.length);
    } else {
      const upload = { fileId: objectId, sizeBytes: bytes.length, contentType: 'text/plain' };
      const { url, headers } = await context.transfers.uploadUrl(upload);
      await send(storage.reach(url), bytes, headers);
    }
    return objectId;
  };

  it('finds orphans, lost bytes and wrong sums, and repairs what can be repaired', async () => {
    const { storage, context, stored } = given();
    const user = someone();
    const [kept, lost] = [
      await storage.upload(user, Buffer.from('kept')),
      await storage.upload(user, Buffer.from('lost bytes')),
    ];
    const [row] = await storage.database.query<{ object_id: string }>(
      'SELECT object_id FROM storage.files WHERE file_id = $1',
      [lost],
    );
    await context.objects.remove(row?.object_id ?? '');
    const orphan = await leaveOrphan();
    await storage.database.execute(
      'UPDATE storage.usage SET used_bytes = 1, reserved_bytes = 2 WHERE user_id = $1',
      [user.userId],
    );

    const missing = [{ fileId: lost, sizeBytes: 10, foundBytes: undefined }];
    const usage = [{ userId: user.userId, usedBytes: 1, usedByFilesBytes: 14 }];
    const found = await run();
    expect(found).toMatchObject({ missing, usage });
    expect(found.orphans.map(({ objectId }) => objectId)).toEqual([orphan]);
    // To look changes nothing.
    expect(await run(true)).toMatchObject({ missing, usage, orphans: [{ objectId: orphan }] });
    expect(await run(true)).toMatchObject({ missing, usage: [], orphans: [] });
    expect(await stored()).not.toContain(orphan);
    expect(await storage.quota(user)).toMatchObject({ used: 14 });
    expect((await fetch(await storage.downloadUrl(user, kept))).status).toBe(200);
    const path = `/v1/storage/files/${lost}`;
    await storage.call('DELETE', path, { token: user.token });
    expect(await run()).toMatchObject({ missing: [], usage: [], orphans: [] });
  });

  it('leaves uploads in progress alone', async () => {
    const { storage, stored } = given();
    const user = someone();
    const bytes = Buffer.from('on its way');
    const { upload_url, headers, file_id } = await storage.reserve(user, bytes);
    await send(storage.reach(upload_url), bytes, headers);
    const before = await stored();
    expect(await run(true)).toMatchObject({ orphans: [], missing: [], usage: [] });
    expect(await stored()).toEqual(before);
    const body = { file_id };
    const { token } = user;
    const done = await storage.call('POST', '/v1/storage/upload-complete', { token, body });
    expect(done.status).toBe(200);
  });
}
