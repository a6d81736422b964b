import { execFileSync } from 'node:child_process';
import { pbkdf2 } from 'node:crypto';
import { openSync } from 'node:fs';
import { type FileHandle, mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DiskWork, isTooMuchDiskWork } from '../src/objects/disk-work.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'disk-work-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** A file that a thread waits for until somebody writes into it: a disk that hangs. */
function hangingFile(): { path: string; goOn: () => void } {
  const path = join(folder, `pipe-${Math.random()}`);
  execFileSync('mkfifo', [path]);
  return { path, goOn: () => void openSync(path, 'r+') };
}

const readAll = async (work: DiskWork, path: string, first: number, last: number) =>
  Buffer.concat(
    await work.read(await open(path), { firstByte: first, lastByte: last }).toArray(),
  ).toString('latin1');

describe('work of the file system', () => {
  it('leaves threads to other work while the disk hangs, under any load', async () => {
    const work = new DiskWork();
    const hanging = hangingFile();
    const opened = Promise.all(
      Array.from({ length: 20 }, () => work.run(() => open(hanging.path, 'r'))),
    );
    // What a connection to PostgreSQL needs, on the same threads.
    const key = await promisify(pbkdf2)('password', 'salt', 4096, 32, 'sha256');
    expect(key).toHaveLength(32);
    hanging.goOn();
    await Promise.all((await opened).map((file: FileHandle) => file.close()));
  });

  it('is refused if too much of it waits, which is the store’s fault alone', async () => {
    const work = new DiskWork({ maxWaiting: 10 });
    const hanging = hangingFile();
    const calls = Array.from({ length: 20 }, () => work.run(() => open(hanging.path, 'r')));
    const last = await calls.at(-1)?.catch((error: unknown) => error);
    expect(isTooMuchDiskWork(last)).toBe(true);
    expect(isTooMuchDiskWork(new Error('another'))).toBe(false);
    hanging.goOn();
    const settled = await Promise.allSettled(calls);
    const files = settled.flatMap((call) => (call.status === 'fulfilled' ? [call.value] : []));
    expect(files.length).toBeGreaterThan(9);
    await Promise.all(files.map((file) => file.close()));
  });
});

describe('the bytes of a file', () => {
  it('are those of the range, to the byte, and none of an empty one', async () => {
    const path = join(folder, 'bytes');
    const content = Array.from({ length: 200_000 }, (_, at) => at % 10).join('');
    await writeFile(path, content);
    const work = new DiskWork();
    expect(await readAll(work, path, 0, content.length - 1)).toBe(content);
    expect(await readAll(work, path, 65_530, 131_080)).toBe(content.slice(65_530, 131_081));
    expect(await readAll(work, path, 7, 7)).toBe('7');
    expect(await readAll(work, path, 0, -1)).toBe('');
    // A file that has become shorter ends where it ends.
    expect(await readAll(work, path, 199_990, 400_000)).toBe(content.slice(199_990));
  });

  it('close their file, also if nothing reads them', async () => {
    const path = join(folder, 'closed');
    await writeFile(path, 'x'.repeat(1_000_000));
    const work = new DiskWork();
    const range = { firstByte: 0, lastByte: 999_999 };
    const [unread, broken] = [await open(path), await open(path)];
    work.read(unread, range).destroy();
    const bytes = work.read(broken, range);
    for await (const _ of bytes) break;
    await expect.poll(() => [unread.fd, broken.fd]).toEqual([-1, -1]);
  });
});
