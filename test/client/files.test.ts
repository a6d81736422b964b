import { createHash, randomBytes } from 'node:crypto';
import type { Client } from '@secureconnect/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ClientWorld } from './world.ts';

let world: ClientWorld;
beforeAll(async () => {
  world = await ClientWorld.start();
});
afterAll(() => world[Symbol.asyncDispose]());

async function download(client: Client, fileId: string): Promise<Buffer> {
  const path = { file_id: fileId };
  const { download_url: url } = await client.request('GET /v1/storage/download-url/:file_id', {
    path,
  });
  return Buffer.from(await (await fetch(url)).arrayBuffer());
}

const digestOf = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

describe('files', { timeout: 60_000 }, () => {
  it('are sent in one request where they are small, and come back the same', async () => {
    const { client, network } = await world.page();
    const bytes = randomBytes(100_000);
    const progress: number[] = [];
    network.set('cut');
    const uploading = client.files.upload(new Blob([bytes], { type: 'image/png' }), {
      fileName: 'picture.png',
      checksumSha256: digestOf(bytes),
      onProgress: (sentBytes) => progress.push(sentBytes),
    });
    await expect(uploading).rejects.toMatchObject({ name: 'LostReplyError' });
    network.set('up');
    const file = await client.files.upload(new Blob([bytes], { type: 'image/png' }), {
      fileName: 'picture.png',
      checksumSha256: digestOf(bytes),
      onProgress: (sentBytes) => progress.push(sentBytes),
    });
    expect(file).toMatchObject({ status: 'uploaded', content_type: 'image/png' });
    expect(progress).toEqual([100_000]);
    expect((await download(client, file.file_id)).equals(bytes)).toBe(true);
  });

  it('in parts go on where they were, after a reload', async () => {
    const { client, person } = await world.page();
    const bytes = randomBytes(33 * 1024 ** 2);
    const abort = new AbortController();
    const options = { fileName: 'film.mp4', resumeKey: 'film' };
    const first = client.files.upload(new Blob([bytes]), {
      ...options,
      signal: abort.signal,
      onProgress: () => abort.abort(new Error('left the page')),
    });
    await expect(first).rejects.toThrow('left the page');
    const progress: number[] = [];
    const again = person.open();
    const file = await again.files.upload(new Blob([bytes]), {
      ...options,
      onProgress: (sentBytes) => progress.push(sentBytes / 1024 ** 2),
    });
    // The first part was there.
    expect(progress).toEqual([32, 33]);
    expect(file).toMatchObject({ status: 'uploaded', file_size: bytes.length });
    expect(digestOf(await download(again, file.file_id))).toBe(digestOf(bytes));
    expect(await person.store.keys('upload/')).toEqual([]);
  });
});
