import { randomBytes, randomUUID } from 'node:crypto';
import { someone, type TestUser } from '@secureconnect/tokens/testing';
import { expect, it } from 'vitest';
import { findFile } from '../../src/stores/files.ts';
import { send, sha256 } from '../harness.ts';
import type { ContractScene } from './scene.ts';

/** Uploads that come as a whole. */
export function describeUploads(given: () => ContractScene): void {
  const complete = (user: TestUser, body: object) =>
    given().storage.call('POST', '/v1/storage/upload-complete', { token: user.token, body });
  const download = async (user: TestUser, fileId: string) => {
    const response = await fetch(await given().storage.downloadUrl(user, fileId));
    return Buffer.from(await response.arrayBuffer());
  };

  it('comes back as it was sent', async () => {
    const { storage } = given();
    const user = someone();
    const bytes = randomBytes(200_000);
    const fileId = await storage.upload(user, bytes, { content_type: 'image/png' });
    expect((await download(user, fileId)).equals(bytes)).toBe(true);
    expect(await storage.quota(user)).toMatchObject({ used: bytes.length });
  });

  it.each([0, 200_000])('of %i bytes is read by the service, whole and in part', async (size) => {
    const { storage, context } = given();
    const bytes = randomBytes(size);
    const file = await findFile(storage.database, await storage.upload(someone(), bytes));
    const read = async (firstByte: number, lastByte: number): Promise<Buffer> => {
      const found = await context.objects.read(file?.objectId ?? '', { firstByte, lastByte });
      const chunks: Buffer[] = [];
      for await (const chunk of found ?? []) chunks.push(Buffer.from(chunk));
      return Buffer.concat(chunks);
    };
    expect((await read(0, size - 1)).equals(bytes)).toBe(true);
    if (size > 0) expect(await read(5, 9)).toEqual(bytes.subarray(5, 10));
    expect(await context.objects.read(randomUUID(), { firstByte: 0, lastByte: 9 })).toBeUndefined();
  });

  it('may be empty', async () => {
    const { storage } = given();
    const user = someone();
    const empty = Buffer.alloc(0);
    const fileId = await storage.upload(user, empty, { checksum_sha256: sha256(empty) });
    expect(await download(user, fileId)).toEqual(empty);
    const response = await fetch(await storage.downloadUrl(user, fileId));
    expect([response.status, response.headers.get('content-length')]).toEqual([200, '0']);
    const { token } = user;
    expect((await storage.call('GET', '/v1/storage/files', { token })).body.data).toMatchObject({
      files: [{ file_id: fileId, file_size: 0, status: 'uploaded' }],
    });
    expect(await storage.quota(user)).toMatchObject({ used: 0 });
  });

  it.each([['longer than an empty one', Buffer.from('x')]])(
    'that is %s is refused',
    async (_how, sent) => {
      const { storage, stored } = given();
      const before = await stored();
      const user = someone();
      const { file_id, upload_url, headers } = await storage.reserve(user, Buffer.alloc(0));
      const put = await send(storage.reach(upload_url), sent, headers);
      const said = await complete(user, { file_id });
      expect([400, 413]).toContain(put.status === 200 ? said.status : put.status);
      expect(await stored()).toEqual(before);
    },
  );

  it.each([
    ['shorter', Buffer.from('1234'), {}],
    ['longer', Buffer.from('123456'), {}],
    ['of another type', Buffer.from('12345'), { 'Content-Type': 'text/html' }],
  ])('that is %s is refused, leaves nothing and can be sent again', async (_how, sent, change) => {
    const { storage, stored } = given();
    const before = await stored();
    const user = someone();
    const five = Buffer.from('12345');
    const { file_id, upload_url, headers } = await storage.reserve(user, five);
    const url = storage.reach(upload_url);
    const put = await send(url, sent, { ...headers, ...change });
    const said = await complete(user, { file_id });
    // Where the store takes anything, it is refused when it is looked at.
    const told = put.status === 200 ? said : put;
    expect([400, 413, 415]).toContain(told.status);
    expect([400, 409]).toContain(said.status);
    expect(await stored()).toEqual(before);
    expect(await storage.quota(user)).toMatchObject({ used: 0 });
    expect((await send(url, five, headers)).status).toBe(200);
    expect((await complete(user, { file_id })).status).toBe(200);
  });

  it.each(['upload-url', 'upload-complete'])(
    'with another checksum than %s said is refused and gone, and can be sent again',
    async (when) => {
      const { storage, stored } = given();
      const before = await stored();
      const user = someone();
      const right = Buffer.from('right');
      const checksum = { checksum_sha256: sha256(right) };
      const [first, last] = when === 'upload-url' ? [checksum, {}] : [{}, checksum];
      const { file_id, upload_url, headers } = await storage.reserve(user, right, first);
      const url = storage.reach(upload_url);
      await send(url, Buffer.from('wrong'), headers);
      const said = await complete(user, { file_id, ...last });
      expect([said.status, said.body.error?.details?.[0]?.field]).toEqual([
        400,
        'body.checksum_sha256',
      ]);
      expect(await stored()).toEqual(before);
      expect((await complete(user, { file_id, ...last })).status).toBe(409);
      await send(url, right, headers);
      expect((await complete(user, { file_id, ...last })).status).toBe(200);
      expect(String(await download(user, file_id))).toBe('right');
    },
  );

  it('has the bytes of the last PUT, and a PUT after completion changes nothing', async () => {
    const { storage } = given();
    const user = someone();
    const { file_id, upload_url, headers } = await storage.reserve(user, Buffer.from('first'));
    const url = storage.reach(upload_url);
    for (const text of ['first', 'other']) await send(url, Buffer.from(text), headers);
    expect((await complete(user, { file_id })).status).toBe(200);
    expect(String(await download(user, file_id))).toBe('other');
    await send(url, Buffer.from('later'), headers);
    expect((await complete(user, { file_id })).status).toBe(200);
    expect(String(await download(user, file_id))).toBe('other');
  });

  it('is completed once, under concurrent completions', async () => {
    const { storage } = given();
    const user = someone();
    const bytes = Buffer.from('once');
    const { file_id, upload_url, headers } = await storage.reserve(user, bytes);
    await send(storage.reach(upload_url), bytes, headers);
    const said = await Promise.all(Array.from({ length: 8 }, () => complete(user, { file_id })));
    expect(said.map(({ status }) => status)).toEqual(Array(8).fill(200));
    expect(await storage.quota(user)).toMatchObject({ used: 4 });
  });

  it('never changes after completion, also when PUTs, completions and wrong checksums race', async () => {
    const { storage } = given();
    const user = someone();
    const { file_id, upload_url, headers } = await storage.reserve(user, Buffer.from('0000'));
    const url = storage.reach(upload_url);
    await send(url, Buffer.from('0000'), headers);
    const lie = { file_id, checksum_sha256: sha256(Buffer.from('none of these')) };
    const racing = Array.from({ length: 6 }, (_, n) => [
      send(url, Buffer.from(`${n}`.repeat(4)), headers),
      complete(user, n % 3 === 0 ? lie : { file_id }),
    ]).flat();
    for (const { status } of await Promise.all(racing)) expect([200, 400, 409]).toContain(status);
    await send(url, Buffer.from('9999'), headers);
    expect((await complete(user, { file_id })).status).toBe(200);
    const seen = await download(user, file_id);
    expect(String(seen)).toMatch(/^(\d)\1{3}$/);
    expect((await complete(user, { file_id, checksum_sha256: sha256(seen) })).status).toBe(200);
    expect((await download(user, file_id)).equals(seen)).toBe(true);
    expect(await storage.quota(user)).toMatchObject({ used: 4 });
  });

  it('cannot be completed before its bytes have arrived', async () => {
    const { storage } = given();
    const user = someone();
    const { file_id } = await storage.reserve(user, Buffer.from('bytes'));
    const said = await complete(user, { file_id });
    expect([said.status, said.body.error?.code]).toEqual([409, 'CONFLICT']);
  });

  it('is gone permanently when it is deleted', async () => {
    const { storage, stored } = given();
    const user = someone();
    const before = await stored();
    const fileId = await storage.upload(user, Buffer.from('x'));
    const link = await storage.downloadUrl(user, fileId);
    const path = `/v1/storage/files/${fileId}`;
    expect((await storage.call('DELETE', path, { token: user.token })).status).toBe(200);
    expect((await fetch(link)).status).toBe(404);
    expect(await stored()).toEqual(before);
    expect(await storage.quota(user)).toMatchObject({ used: 0 });
  });
}
