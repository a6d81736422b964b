import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commandLine } from '@secureconnect/embedded';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockDataDir } from './lock.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'secureconnect-lock-'));
});
afterEach(() => rmSync(folder, { recursive: true }));
const path = () => join(folder, 'starter.lock');

describe('the lock of a data directory', () => {
  it('is gone after its holder gave it back', () => {
    const lock = lockDataDir(folder);
    expect(readFileSync(path(), 'utf8')).toContain(String(process.pid));
    lock[Symbol.dispose]();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is refused while its holder runs', () => {
    writeFileSync(path(), `${process.ppid} ${commandLine(process.ppid)}\n`);
    expect(() => lockDataDir(folder)).toThrow(
      `${folder} is in use by process ${process.ppid}. Stop that process, or set SECURECONNECT_DATA_DIR.`,
    );
  });

  it.each([
    ['a process that has ended', '4194303 node scripts/start.ts\n'],
    ['a process whose number a stranger has by now', `${process.ppid} node scripts/start.ts\n`],
    ['an earlier process with our number, as in a new container', `${process.pid} node\n`],
    ['nobody, as it is empty', ''],
  ])('is taken over from %s', (_, content) => {
    writeFileSync(path(), content);
    lockDataDir(folder);
    expect(readFileSync(path(), 'utf8')).toBe(`${process.pid} ${commandLine(process.pid)}\n`);
  });
});
