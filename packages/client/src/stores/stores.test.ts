import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FileStore } from './file-store.ts';
import { MemoryStore, type Store } from './store.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'client-store-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe.each<[string, () => Store]>([
  ['memory', () => new MemoryStore()],
  ['files', () => new FileStore(join(folder, 'kept'))],
])('a store in %s', (_kind, open) => {
  it('keeps the last value of each key, and lists them by prefix', async () => {
    const store = open();
    expect([await store.get('none'), await store.keys('')]).toEqual([undefined, []]);
    for (const key of ['b/2', 'a/1', 'b/1', 'b/1']) await store.set(key, `value of ${key}`);
    expect(await store.get('b/1')).toBe('value of b/1');
    expect(await store.keys('b/')).toEqual(['b/1', 'b/2']);
    await store.delete('b/1');
    await store.delete('never there');
    expect([await store.get('b/1'), await store.keys('')]).toEqual([undefined, ['a/1', 'b/2']]);
  });
});

it('files are for their owner alone, and there after a restart', async () => {
  const path = join(folder, 'again');
  await new FileStore(path).set('session', '{"token":"x"}');
  expect(await new FileStore(path).get('session')).toBe('{"token":"x"}');
  const [name = ''] = await readdir(path);
  expect((await stat(join(path, name))).mode & 0o777).toBe(0o600);
  expect((await stat(path)).mode & 0o777).toBe(0o700);
});
