import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { StorageFullError } from './storage-full-error.ts';
import type { Store } from './store.ts';

/**
 * Keeps each value in a file of a folder, which only its owner can read: there are tokens in it. One
 * process at a time may use the folder.
 */
export class FileStore implements Store {
  readonly #folder: string;
  #written = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async get(key: string): Promise<string | undefined> {
    try {
      return await readFile(this.#fileOf(key), 'utf8');
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  /** Written beside, synced and renamed: after a crash the file has the former value or this one. */
  async set(key: string, value: string): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    this.#written += 1;
    const beside = `${this.#fileOf(key)}.${process.pid}-${this.#written}.new`;
    try {
      await writeSynced(beside, value);
      await rename(beside, this.#fileOf(key));
    } catch (error) {
      await rm(beside, { force: true });
      throw isFull(error) ? new StorageFullError(error) : error;
    }
  }

  async delete(key: string): Promise<void> {
    await rm(this.#fileOf(key), { force: true });
  }

  async keys(prefix: string): Promise<readonly string[]> {
    try {
      const names = (await readdir(this.#folder)).filter((name) => name.endsWith(suffix));
      const keys = names.map((name) => decodeURIComponent(name.slice(0, -suffix.length)));
      return keys.filter((key) => key.startsWith(prefix)).sort();
    } catch (error) {
      if (isMissing(error)) return [];
      throw error;
    }
  }

  #fileOf(key: string): string {
    return join(this.#folder, `${encodeURIComponent(key)}${suffix}`);
  }
}

const suffix = '.value';

async function writeSynced(path: string, value: string): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(value);
    await file.sync();
  } finally {
    await file.close();
  }
}

function isMissing(error: unknown): boolean {
  return codeOf(error) === 'ENOENT';
}

/** No space on the disk, or none for this user. */
function isFull(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT'].includes(codeOf(error));
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
