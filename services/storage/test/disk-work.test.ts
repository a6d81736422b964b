import { execFileSync } from 'node:child_process';
import { pbkdf2, randomBytes } from 'node:crypto';
import { openSync } from 'node:fs';
import { type FileHandle, mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
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

  it('are passed on in order, each chunk before its memory is used again', async () => {
    const path = join(folder, 'sent');
    const content = randomBytes(1_500_000);
    await writeFile(path, content);
    const work = new DiskWork();
    await using file = await open(path);
    const sent = async (firstByte: number, lastByte: number): Promise<Buffer> => {
      const taken: Buffer[] = [];
      await work.send(file, { firstByte, lastByte }, async (chunk) => {
        await setImmediate(); // Meanwhile the next chunk may be read.
        taken.push(Buffer.from(chunk));
      });
      return Buffer.concat(taken);
    };
    expect((await sent(0, content.length - 1)).equals(content)).toBe(true);
    expect((await sent(7, 700_007)).equals(content.subarray(7, 700_008))).toBe(true);
    expect(await sent(0, -1)).toHaveLength(0);
    // A file that has become shorter ends where it ends.
    expect((await sent(1_499_990, 2_000_000)).equals(content.subarray(1_499_990))).toBe(true);
  });

  it('are not passed on any further when one chunk is not taken', async () => {
    const path = join(folder, 'refused');
    await writeFile(path, Buffer.alloc(2_000_000));
    const work = new DiskWork();
    await using file = await open(path);
    let chunks = 0;
    const sending = work.send(file, { firstByte: 0, lastByte: 1_999_999 }, async () => {
      chunks += 1;
      throw new Error('the reader has gone');
    });
    await expect(sending).rejects.toThrow('the reader has gone');
    expect(chunks).toBe(1);
  });

  it('are written in order, several chunks with one call', async () => {
    const path = join(folder, 'written');
    const content = randomBytes(1_000_000);
    const chunks = async function* (): AsyncGenerator<Uint8Array> {
      for (let at = 0; at < content.length; at += 999) yield content.subarray(at, at + 999);
    };
    const work = new DiskWork();
    await using file = await open(path, 'wx');
    await work.write(file, chunks());
    expect((await readFile(path)).equals(content)).toBe(true);
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
