import type { Dir } from 'node:fs';
import {
  access,
  constants,
  type FileHandle,
  mkdir,
  open,
  opendir,
  rename,
  rm,
  stat,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { DiskWork, isTooMuchDiskWork } from './disk-work.ts';
import { Measured } from './measured.ts';
import {
  type ByteRange,
  type Bytes,
  isObjectId,
  type ListedObject,
  type ServedStore,
  type Take,
  type WrittenObject,
} from './object-store.ts';
import type { StoreGuard } from './store-guard.ts';

/** The suffix of an incomplete object. */
const partSuffix = '.part';

/**
 * Keeps objects in a directory. Several instances may share it if the file system has atomic
 * renames.
 */
export class DirectoryStore implements ServedStore {
  readonly #directory: string;
  readonly #guard: StoreGuard;
  readonly #disk = new DiskWork();

  constructor(options: { directory: string; guard: StoreGuard }) {
    this.#directory = options.directory;
    this.#guard = options.guard;
  }

  write(objectId: string, bytes: Bytes, sizeBytes: number): Promise<WrittenObject> {
    const path = this.pathOf(objectId);
    const part = `${path}${partSuffix}`;
    // The sender sets the pace; the request ends when it stalls.
    const noLimit = 0;
    return this.#guard.run(
      'write',
      async () => {
        try {
          const measured = new Measured(bytes, sizeBytes);
          await this.#writeDurably(part, measured, path);
          return { sha256: measured.sha256() };
        } catch (error) {
          await rm(part, { force: true });
          await rm(path, { force: true });
          throw error;
        }
      },
      noLimit,
    );
  }

  async sizeOf(objectId: string): Promise<number | undefined> {
    const path = this.pathOf(objectId);
    const found = await this.#guard.run('size', () => this.#find(() => stat(path)));
    return found?.size;
  }

  async read(objectId: string, range: ByteRange): Promise<Readable | undefined> {
    const path = this.pathOf(objectId);
    const file = await this.#opened('read', () => this.#find(() => open(path)));
    return file && this.#disk.read(file, range);
  }

  async open(
    objectId: string,
    range: ByteRange,
  ): Promise<((take: Take) => Promise<void>) | undefined> {
    const path = this.pathOf(objectId);
    const opened = await this.#opened('read', () => this.#openWhole(path, range));
    if (opened === undefined) return undefined;
    return async (take) => {
      await using file = opened;
      await this.#disk.send(file, range, take);
    };
  }

  async readAtOnce(objectId: string, range: ByteRange): Promise<Buffer | undefined> {
    const path = this.pathOf(objectId);
    return this.#guard.run('read', async () => {
      const file = await this.#find(() => open(path));
      if (file === undefined) return undefined;
      try {
        const bytes = await this.#disk.readAtOnce(file, range);
        return bytes.length === range.lastByte + 1 - range.firstByte ? bytes : undefined;
      } finally {
        closeSoon(file);
      }
    });
  }

  async remove(objectId: string): Promise<void> {
    const path = this.pathOf(objectId);
    await this.#guard.run('remove', async () => {
      await this.#disk.run(() => rm(path, { force: true }));
      await this.#disk.run(() => rm(`${path}${partSuffix}`, { force: true }));
    });
  }

  async *list(): AsyncGenerator<ListedObject> {
    const entries = await this.#opened('list', () => opendir(this.#directory, { recursive: true }));
    if (entries === undefined) return;
    for await (const entry of entries) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      const found = await this.#disk.run(() => whereItExists(stat(path)));
      // It was removed after the folder was read.
      if (found === undefined) continue;
      const objectId = entry.name.replace(/\.part$/, '');
      yield {
        objectId: isObjectId(objectId) ? objectId : undefined,
        name: entry.name,
        sizeBytes: found.size,
        changedAt: found.mtime,
      };
    }
  }

  async check(): Promise<void> {
    const mode = constants.R_OK | constants.W_OK | constants.X_OK;
    await this.#guard.run('check', () => this.#disk.run(() => access(this.#directory, mode)));
  }

  /**
   * Writes a file as `part`, renames it to `path`, and only then makes its bytes and its name durable:
   * often one commit of the file system does both, and the second sync has nothing to do. If the
   * machine fails before, a part of the bytes may be found under `path`; as nothing has been
   * acknowledged, they belong to no file.
   */
  async #writeDurably(part: string, bytes: Bytes, path: string): Promise<void> {
    const file = await this.#create(part);
    try {
      await this.#disk.write(file, bytes);
      await this.#disk.run(() => rename(part, path));
      await this.#disk.run(() => file.sync());
      await this.#syncDirectory(dirname(path));
    } finally {
      closeSoon(file);
    }
  }

  /** Undefined also if the file does not have every byte of the range. */
  async #openWhole(path: string, { lastByte }: ByteRange): Promise<FileHandle | undefined> {
    const file = await this.#find(() => open(path));
    if (file === undefined) return undefined;
    try {
      const { size } = await this.#disk.run(() => file.stat());
      if (size > lastByte) return file;
    } catch (error) {
      closeSoon(file);
      throw error;
    }
    closeSoon(file);
    return undefined;
  }

  /** What opens only after the time limit, when nobody waits for it any more, is closed again. */
  async #opened<Handle extends FileHandle | Dir>(
    operation: 'read' | 'list',
    opening: () => Promise<Handle | undefined>,
  ): Promise<Handle | undefined> {
    let isAwaited = true;
    try {
      return await this.#guard.run(operation, async () => {
        const handle = await opening();
        if (!isAwaited && handle !== undefined) closeSoon(handle);
        return handle;
      });
    } finally {
      isAwaited = false;
    }
  }

  /** Undefined if the object is missing; rejects if the whole directory is. */
  async #find<Found>(looking: () => Promise<Found>): Promise<Found | undefined> {
    const found = await this.#disk.run(() => whereItExists(looking()));
    if (found === undefined) await this.#disk.run(() => access(this.#directory));
    return found;
  }

  /** Creates a file, and its folder if it is missing. */
  async #create(path: string): Promise<FileHandle> {
    const created = await this.#disk.run(() => whereItExists(open(path, 'wx')));
    if (created !== undefined) return created;
    // A directory that is gone must not come back empty.
    await this.#disk.run(() => access(this.#directory));
    await this.#disk.run(() => mkdir(dirname(path), { recursive: true }));
    await this.#syncDirectory(this.#directory);
    return this.#disk.run(() => open(path, 'wx'));
  }

  /** A rename is durable only after its directory is synced too. */
  async #syncDirectory(path: string): Promise<void> {
    const directory = await this.#disk.run(() => open(path));
    try {
      await this.#disk.run(() => directory.sync());
    } finally {
      closeSoon(directory);
    }
  }

  /** Uses 256 folders, so that no folder has too many entries. */
  pathOf(objectId: string): string {
    // Never throws for names that this service creates; guards against path traversal.
    if (!isObjectId(objectId)) throw new Error('the name of an object must be a lower-case UUID');
    return join(this.#directory, objectId.slice(0, 2), objectId);
  }
}

/** Codes of a file system that is down for all calls. */
const away = new Set(['EROFS', 'EACCES', 'EPERM', 'EIO', 'ESTALE', 'ENOTCONN']);
/** Codes of a file system that cannot write but can still read. */
const full = new Set(['ENOSPC', 'EDQUOT', 'EMFILE', 'ENFILE']);

/** Classifies errors of a directory for `StoreGuard`. */
export function faultOfDirectory(error: unknown): 'away' | 'full' | undefined {
  if (isTooMuchDiskWork(error)) return 'full';
  const code = codeOf(error);
  if (away.has(code)) return 'away';
  if (full.has(code)) return 'full';
  // A missing object is no error here, so ENOENT means that the directory itself is missing.
  return code === 'ENOENT' ? 'away' : undefined;
}

/** Nobody waits for it, and errors lose nothing: the file was only read, or is synced or given up. */
function closeSoon(file: FileHandle | Dir): void {
  file.close().catch(() => undefined);
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
