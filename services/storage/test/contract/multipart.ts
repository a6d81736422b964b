import { randomBytes } from 'node:crypto';
import { MultipartTarget, PART_BYTES, PartTarget, ReceivedParts } from '@secureconnect/contracts';
import type { Reply } from '@secureconnect/testkit';
import { someone, type TestUser } from '@secureconnect/tokens/testing';
import { expect, it } from 'vitest';
import { findFile } from '../../src/stores/files.ts';
import type { Transfers } from '../../src/transfers/transfers.ts';
import { completeUpload } from '../../src/uploads/complete-upload.ts';
import { log } from '../context.ts';
import { newUpload, send, sha256 } from '../harness.ts';
import type { ContractScene } from './scene.ts';

const bytes = randomBytes(PART_BYTES + 12_345);
const [first, last] = [bytes.subarray(0, PART_BYTES), bytes.subarray(PART_BYTES)];

/** Files that come in parts; two are enough to tell. */
export function describeMultipart(given: () => ContractScene): void {
  const ask = (user: TestUser, method: string, path: string, body?: object): Promise<Reply> =>
    given().storage.call(method, `/v1/storage/${path}`, {
      token: user.token,
      ...(body === undefined ? {} : { body }),
    });
  const begin = async (user: TestUser, fields: object = {}): Promise<MultipartTarget> => {
    const body = newUpload(bytes, { content_type: 'video/mp4', ...fields });
    return MultipartTarget.parse((await ask(user, 'POST', 'multipart', body)).body.data);
  };
  const partUrl = async (user: TestUser, fileId: string, part: number): Promise<PartTarget> => {
    const body = { part_number: part };
    const reply = await ask(user, 'POST', `multipart/${fileId}/part-url`, body);
    return PartTarget.parse(reply.body.data);
  };
  const put = async ({ upload_url, headers }: PartTarget, part: Buffer): Promise<number> =>
    (await send(given().storage.reach(upload_url), part, headers)).status;
  const putPart = async (user: TestUser, fileId: string, number: number, part: Buffer) =>
    put(await partUrl(user, fileId, number), part);
  const parts = async (user: TestUser, fileId: string) => {
    const reply = await ask(user, 'GET', `multipart/${fileId}/parts`);
    return ReceivedParts.parse(reply.body.data).parts.map((part) => [part.part_number, part.size]);
  };
  const complete = (user: TestUser, fileId: string, fields: object = {}) =>
    ask(user, 'POST', 'upload-complete', { file_id: fileId, ...fields });

  it('is resumed by the list of its parts; a part may be sent again, and the last one counts', async () => {
    const { storage, stored } = given();
    const before = await stored();
    const user = someone();
    const target = await begin(user);
    expect(target).toMatchObject({ part_size: PART_BYTES, part_count: 2 });
    const { file_id } = target;
    expect(await parts(user, file_id)).toEqual([]);
    expect(await putPart(user, file_id, 2, randomBytes(last.length))).toBe(200);
    expect(await parts(user, file_id)).toEqual([[2, last.length]]);
    const early = await complete(user, file_id);
    expect([early.status, early.body.error?.details?.[0]?.field]).toEqual([409, 'parts.1']);
    expect(await putPart(user, file_id, 1, first)).toBe(200);
    const lastUrl = await partUrl(user, file_id, 2);
    expect(await put(lastUrl, last)).toBe(200);
    expect(await parts(user, file_id)).toEqual([
      [1, first.length],
      [2, last.length],
    ]);
    const done = await complete(user, file_id, { checksum_sha256: sha256(bytes) });
    expect([done.status, done.body.data?.['status']]).toEqual([200, 'uploaded']);
    expect((await complete(user, file_id)).status).toBe(200);
    expect([404, 409]).toContain(await put(lastUrl, randomBytes(last.length)));
    const response = await fetch(await storage.downloadUrl(user, file_id));
    expect(response.headers.get('content-type')).toBe('video/mp4');
    expect(sha256(Buffer.from(await response.arrayBuffer()))).toBe(sha256(bytes));
    expect(await storage.quota(user)).toMatchObject({ used: bytes.length });
    expect(await stored()).toHaveLength(before.length + 1);
    await ask(user, 'DELETE', `files/${file_id}`);
    expect(await stored()).toEqual(before);
  });

  it('with a wrong checksum is refused and removed, and can be sent again', async () => {
    const { stored } = given();
    const before = await stored();
    const user = someone();
    const { file_id } = await begin(user, { checksum_sha256: sha256(bytes) });
    await putPart(user, file_id, 1, first);
    await putPart(user, file_id, 2, randomBytes(last.length));
    const wrong = await complete(user, file_id);
    expect([wrong.status, wrong.body.error?.details?.[0]?.field]).toEqual([
      400,
      'body.checksum_sha256',
    ]);
    expect(await stored()).toEqual(before);
    expect(await parts(user, file_id)).toEqual([]);
    await putPart(user, file_id, 1, first);
    await putPart(user, file_id, 2, last);
    expect((await complete(user, file_id)).status).toBe(200);
    await ask(user, 'DELETE', `files/${file_id}`);
  });

  it('that is refused is never completed with bytes that are being removed', async () => {
    const { storage, context } = given();
    const user = someone();
    const { file_id } = await begin(user);
    await putPart(user, file_id, 1, first);
    await putPart(user, file_id, 2, last);
    const file = await findFile(context.database, file_id);
    if (file === undefined) throw new Error('there is no such file');
    const { transfers } = context;
    let meanwhile: Reply | undefined;
    const slow: Transfers = {
      clientsWriteObjects: transfers.clientsWriteObjects,
      parts: transfers.parts,
      uploadUrl: (upload) => transfers.uploadUrl(upload),
      downloadUrl: (uploaded) => transfers.downloadUrl(uploaded),
      scanUrl: (quarantined) => transfers.scanUrl(quarantined),
      scanPlace: (quarantined) => transfers.scanPlace(quarantined),
      arrived: (pending, to) => transfers.arrived(pending, to),
      discard: (completed, to) => transfers.discard(completed, to),
      async reject(...refused) {
        meanwhile = await complete(user, file_id);
        await transfers.reject(...refused);
      },
    };
    const deps = { ...context, transfers: slow, scanning: context.scans };
    const lie = sha256(Buffer.from('something else'));
    await expect(completeUpload(deps, file, lie, log)).rejects.toThrow('Checksum mismatch');
    expect([200, 409]).toContain(meanwhile?.status);
    if (meanwhile?.status === 409) {
      await putPart(user, file_id, 1, first);
      await putPart(user, file_id, 2, last);
      expect((await complete(user, file_id)).status).toBe(200);
    }
    const response = await fetch(await storage.downloadUrl(user, file_id));
    expect(sha256(Buffer.from(await response.arrayBuffer()))).toBe(sha256(bytes));
    await ask(user, 'DELETE', `files/${file_id}`);
  });

  it('that is aborted leaves nothing, and answers the same again', async () => {
    const { storage, stored, context } = given();
    const before = await stored();
    const user = someone();
    const { file_id } = await begin(user);
    const url = await partUrl(user, file_id, 2);
    expect(await put(url, last)).toBe(200);
    for (let times = 0; times < 2; times += 1) {
      const reply = await ask(user, 'DELETE', `multipart/${file_id}`);
      expect([reply.status, reply.body.data?.['status']]).toEqual([200, 'deleted']);
    }
    expect([404, 409]).toContain(await put(url, last));
    expect(await stored()).toEqual(before);
    expect(await storage.quota(user)).toMatchObject({ available: context.quotaBytes });
    expect((await ask(user, 'GET', `multipart/${file_id}/parts`)).status).toBe(404);
    expect((await complete(user, file_id)).status).toBe(404);
  });

  it('refuses a part whose size is that of a different part', async () => {
    const user = someone();
    const { file_id } = await begin(user);
    const [short, right] = [
      await putPart(user, file_id, 1, last),
      await putPart(user, file_id, 2, last),
    ];
    expect([200, 400]).toContain(short);
    expect(right).toBe(200);
    const reply = await complete(user, file_id);
    expect([reply.status, reply.body.error?.details?.[0]?.field]).toEqual([409, 'parts.1']);
    await ask(user, 'DELETE', `multipart/${file_id}`);
  });

  it('belongs to its owner alone, and has no other parts', async () => {
    const user = someone();
    const { file_id } = await begin(user);
    const other = someone();
    expect((await ask(other, 'GET', `multipart/${file_id}/parts`)).status).toBe(404);
    expect((await ask(other, 'DELETE', `multipart/${file_id}`)).status).toBe(404);
    for (const part_number of [0, 3, 5000]) {
      const reply = await ask(user, 'POST', `multipart/${file_id}/part-url`, { part_number });
      expect([reply.status, reply.body.error?.details?.[0]?.field]).toEqual([
        400,
        'body.part_number',
      ]);
    }
    await ask(user, 'DELETE', `multipart/${file_id}`);
  });
}
