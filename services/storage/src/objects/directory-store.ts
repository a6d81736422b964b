import { access, constants, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { ApiError, type Logger } from '@secureconnect/service';
import { Measured } from './measured.ts';
import type { ByteRange, Bytes, ObjectStore, WrittenObject } from './object-store.ts';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What a file system says when it cannot serve, whoever asks and whatever for. */
const unusable = new Set(['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'EPERM', 'EIO', 'EMFILE']);

/**
 * Keeps objects in a directory. Several instances may share it, on a file system where rename is
 * atomic.
 */
export class DirectoryStore implements ObjectStore {
  readonly #directory: string;
  readonly #log: Logger;

  constructor(options: { directory: string; log: Logger }) {
    this.#directory = options.directory;
    this.#log = options.log;
  }

  async write(objectId: string, bytes: Bytes, sizeBytes: number): Promise<WrittenObject> {
    const path = this.#pathOf(objectId);
    const part = partOf(path);
    return this.#served(async () => {
      try {
        await mkdir(dirname(path), { recursive: true });
        const measured = new Measured(bytes, sizeBytes);
        await writeDurably(part, measured);
        await rename(part, path);
        await syncDirectory(dirname(path));
        return { sha256: measured.sha256() };
      } catch (error) {
        await rm(part, { force: true });
        throw error;
      }
    });
  }

  async sizeOf(objectId: string): Promise<number | undefined> {
    const found = await this.#served(() => whereItExists(stat(this.#pathOf(objectId))));
    return found?.size;
  }

  async read(objectId: string, range: ByteRange): Promise<Readable | undefined> {
    const file = await this.#served(() => whereItExists(open(this.#pathOf(objectId))));
    return file?.createReadStream({ start: range.firstByte, end: range.lastByte });
  }

  async remove(objectId: string): Promise<void> {
    const path = this.#pathOf(objectId);
    await this.#served(async () => {
      await rm(path, { force: true });
      await rm(partOf(path), { force: true });
    });
  }

  async check(): Promise<void> {
    await access(this.#directory, constants.R_OK | constants.W_OK | constants.X_OK);
  }

  /** Some 256 folders, so that no folder holds very many entries. */
  #pathOf(objectId: string): string {
    // Names are made here, so this never refuses anything; it is what makes a path out of a name.
    if (!uuid.test(objectId)) throw new Error('an object is named by a UUID in lower case');
    return join(this.#directory, objectId.slice(0, 2), objectId);
  }

  async #served<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      if (!unusable.has(codeOf(error))) throw error;
      this.#log.error({ err: error }, 'the directory of files cannot be used');
      throw new ApiError('SERVICE_UNAVAILABLE', 'Files cannot be stored or read now; try again.', {
        retryAfterSeconds: 30,
      });
    }
  }
}

/** The name of an object that is not yet whole. */
function partOf(path: string): string {
  return `${path}.part`;
}

async function writeDurably(path: string, bytes: Bytes): Promise<void> {
  await using file = await open(path, 'wx');
  for await (const chunk of bytes) await file.appendFile(chunk);
  await file.sync();
}

/** A rename is lasting once its directory is written too. */
async function syncDirectory(path: string): Promise<void> {
  await using directory = await open(path);
  await directory.sync();
}

async function whereItExists<Found>(looking: Promise<Found>): Promise<Found | undefined> {
  try {
    return await looking;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
