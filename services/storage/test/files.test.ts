import { someone } from '@secureconnect/tokens/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { here, send, startStorage, type TestStorage } from './harness.ts';

let storage: TestStorage;
beforeAll(async () => {
  storage = await startStorage();
});
afterAll(() => storage[Symbol.asyncDispose]());

interface Page {
  readonly files: readonly { readonly file_id: string; readonly status: string }[];
  readonly next_cursor: string | null;
  readonly has_more: boolean;
}

const list = async (token: string, query = ''): Promise<Page> => {
  const reply = await storage.call('GET', `/v1/storage/files${query}`, { token });
  expect(reply.status).toBe(200);
  return reply.body.data as unknown as Page;
};

describe('the list of files', () => {
  it('is empty for a new user', async () => {
    expect(await list(someone().token)).toEqual({ files: [], next_cursor: null, has_more: false });
  });

  it('has one’s own files, newest first, a page at a time, without gaps or repeats', async () => {
    const user = someone();
    await storage.upload(someone(), Buffer.from('of somebody else'));
    const made: string[] = [];
    for (let index = 0; index < 7; index += 1) {
      made.push((await storage.reserve(user, Buffer.from('x'))).file_id);
    }
    // Several in the same millisecond.
    await storage.database.execute(
      `UPDATE storage.files SET created_at = '2026-01-01T00:00:00.123Z' WHERE file_id = ANY($1::uuid[])`,
      [made.slice(0, 4)],
    );
    const seen: string[] = [];
    let cursor = '';
    let pages = 0;
    do {
      const page = await list(user.token, `?limit=2&cursor=${cursor}`);
      seen.push(...page.files.map((file) => file.file_id));
      cursor = page.next_cursor ?? '';
      pages += 1;
      expect(page.has_more).toBe(page.next_cursor !== null);
    } while (cursor !== '');
    expect(pages).toBe(4);
    expect(seen.slice(0, 3)).toEqual(made.slice(4).reverse());
    expect(new Set(seen.slice(3))).toEqual(new Set(made.slice(0, 4)));
    expect(seen.length).toBe(7);
  });

  it.each(['limit=0', 'limit=101', 'limit=x', 'cursor=x', 'cursor=MTIz', 'conversation_id=x'])(
    'refuses %s and names it',
    async (query) => {
      const { token } = someone();
      const reply = await storage.call('GET', `/v1/storage/files?${query}`, { token });
      expect(reply.status).toBe(400);
      expect(reply.body.error?.details?.[0]?.field).toBe(`query.${query.split('=')[0]}`);
    },
  );
});

describe('DELETE', () => {
  it('removes the file and its bytes, and answers the same when it is sent again', async () => {
    const user = someone();
    const { token } = user;
    const before = await storage.stored();
    const fileId = await storage.upload(user, Buffer.from('x'));
    const link = await storage.downloadUrl(user, fileId);
    const path = `/v1/storage/files/${fileId}`;
    for (let times = 0; times < 2; times += 1) {
      const reply = await storage.call('DELETE', path, { token });
      expect(reply.status).toBe(200);
      expect(reply.body.data).toMatchObject({ file_id: fileId, status: 'deleted' });
    }
    expect(await storage.stored()).toEqual(before);
    expect((await list(token)).files).toEqual([]);
    expect((await fetch(link)).status).toBe(404);
    const asked = await storage.call('GET', `/v1/storage/download-url/${fileId}`, { token });
    expect(asked.status).toBe(404);
    const body = { file_id: fileId };
    const done = await storage.call('POST', '/v1/storage/upload-complete', { token, body });
    expect(done.status).toBe(404);
    expect(await storage.quota(user)).toMatchObject({ used: 0 });
  });

  it('aborts an upload that is not complete', async () => {
    const user = someone();
    const bytes = Buffer.from('x');
    const before = await storage.stored();
    const { file_id, upload_url, headers } = await storage.reserve(user, bytes);
    const url = here(storage.url, upload_url);
    await send(url, bytes, headers);
    const { token } = user;
    await storage.call('DELETE', `/v1/storage/files/${file_id}`, { token });
    expect(await storage.stored()).toEqual(before);
    expect((await send(url, bytes, headers)).status).toBe(404);
    expect(await storage.quota(user)).toMatchObject({ available: 10 * 1024 ** 3 });
  });

  it('is only for the owner, and for a file that exists', async () => {
    const fileId = await storage.upload(someone(), Buffer.from('x'));
    const { token } = someone();
    for (const id of [fileId, '0f0e0d0c-0b0a-4908-8706-050403020100']) {
      const reply = await storage.call('DELETE', `/v1/storage/files/${id}`, { token });
      expect([reply.status, reply.body.error?.code]).toEqual([404, 'NOT_FOUND']);
    }
    const wrong = await storage.call('DELETE', '/v1/storage/files/x', { token });
    expect([wrong.status, wrong.body.error?.details?.[0]?.field]).toEqual([400, 'params.file_id']);
  });
});
