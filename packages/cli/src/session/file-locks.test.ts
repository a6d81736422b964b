import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileLocks } from './file-locks.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'locks-'));
});
afterEach(() => rm(folder, { recursive: true }));

const nothing = async () => undefined;
const lockFile = (name: string) => join(folder, `${name}.lock`);

describe('locks in files', () => {
  it('let one holder at a time act, also over two sets of locks', async () => {
    let holders = 0;
    const most: number[] = [];
    const act = async () => {
      holders += 1;
      most.push(holders);
      await new Promise(setImmediate);
      holders -= 1;
    };
    const [one, other] = [new FileLocks(folder), new FileLocks(folder)];
    const all = [one, other, one, other].map((locks) => locks.hold('a', undefined, act));
    await Promise.all(all);
    expect(most).toEqual([1, 1, 1, 1]);
    expect(await readdir(folder)).toEqual([]);
  });

  it('are taken over from a process that is gone', async () => {
    // No process has this number: it is larger than any system gives.
    const holder = { pid: 2 ** 30, host: hostname(), id: 'gone' };
    await writeFile(lockFile('a'), JSON.stringify(holder));
    const locks = new FileLocks(folder, 1000);
    expect(await locks.hold('a', undefined, async () => 'acted')).toBe('acted');
  });

  it('are not taken from a process that lives, and the error says what to do', async () => {
    const holder = { pid: process.pid, host: hostname(), id: 'here' };
    await writeFile(lockFile('a'), JSON.stringify(holder));
    const locks = new FileLocks(folder, 100);
    expect(await locks.tryHold('a', () => Promise.reject(new Error('acted')))).toBe(false);
    await expect(locks.hold('a', undefined, nothing)).rejects.toThrow(
      /Another secureconnect process holds .*a\.lock; wait/,
    );
  });

  it('are held where nobody else holds them, or the holder is gone', async () => {
    const locks = new FileLocks(folder);
    const holder = { pid: 2 ** 30, host: hostname(), id: 'gone' };
    await writeFile(lockFile('a'), JSON.stringify(holder));
    let acted = 0;
    const act = async () => {
      acted += 1;
    };
    expect(await locks.tryHold('a', act)).toBe(true);
    expect(await locks.tryHold('a', act)).toBe(true);
    expect(acted).toBe(2);
    expect(await readdir(folder)).toEqual([]);
  });

  it('are given back when the holder throws', async () => {
    const locks = new FileLocks(folder, 1000);
    const failing = locks.hold('a', undefined, () => Promise.reject(new Error('failed')));
    await expect(failing).rejects.toThrow('failed');
    expect(await locks.hold('a', undefined, async () => 'acted')).toBe('acted');
  });

  it('are no longer waited for after an abort', async () => {
    const locks = new FileLocks(folder);
    const abort = new AbortController();
    await locks.hold('a', undefined, async () => {
      const waiting = locks.hold('a', abort.signal, nothing);
      abort.abort();
      await expect(waiting).rejects.toThrow('aborted');
    });
  });
});
