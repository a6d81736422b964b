import { expect, it } from 'vitest';
import { Requester } from '../http/request.ts';
import { MemoryStore } from '../stores/store.ts';
import { beginParts } from './parts-upload.ts';

const { signal } = new AbortController();
const meta = { timestamp: '2026-01-31T12:00:00.000Z', request_id: 'r1' };
const tokens = { current: async () => 'token', replace: async () => undefined };

/** A server that has stored the first part of each upload. */
function server() {
  const asked: string[] = [];
  let files = 0;
  const requester = new Requester({
    baseUrl: 'http://gateway',
    onDegraded: () => undefined,
    fetch: async (url, init) => {
      const { method = '', body } = init ?? {};
      asked.push(`${method} ${new URL(String(url)).pathname.replace('/v1/storage/multipart', '')}`);
      if (method === 'POST') files += 1;
      const size = method === 'POST' ? JSON.parse(String(body)).file_size : 0;
      const target = { file_id: `file${files}`, part_size: 10, part_count: Math.ceil(size / 10) };
      const data = method === 'GET' ? { parts: [{ part_number: 1, size: 10 }] } : target;
      return Response.json({ success: true, data, meta });
    },
  });
  return { requester, asked };
}

const film = { fileName: 'film.mp4', resumeKey: 'film' };

it.each([
  ['size', 'more than twice as long', film],
  ['name', 'a long content', { ...film, fileName: 'other.mp4' }],
  ['checksum', 'a long content', { ...film, checksumSha256: 'ab'.repeat(32) }],
])('goes on with the same content alone: not with a different %s', async (_what, text, later) => {
  const { requester, asked } = server();
  const deps = { requester, tokens, store: new MemoryStore() };
  const content = new Blob(['a long content']);
  await beginParts(deps, content, film, signal);
  const resumed = await beginParts(deps, content, film, signal);
  expect(resumed).toMatchObject({ target: { file_id: 'file1' }, missing: [2], sentBytes: 10 });
  const changed = new Blob([text]);
  const begun = await beginParts(deps, changed, later, signal);
  const all = Array.from({ length: Math.ceil(changed.size / 10) }, (_, at) => at + 1);
  expect(begun).toMatchObject({ target: { file_id: 'file2' }, missing: all, sentBytes: 0 });
  expect(asked).toEqual(['POST ', 'GET /file1/parts', 'DELETE /file1', 'POST ']);
});

it('begins anew what an earlier version has begun', async () => {
  const { requester, asked } = server();
  const store = new MemoryStore();
  await store.set('upload/film', JSON.stringify({ file_id: 'old', part_size: 10, part_count: 2 }));
  await beginParts({ requester, tokens, store }, new Blob(['a long content']), film, signal);
  expect(asked).toEqual(['POST ']);
});
