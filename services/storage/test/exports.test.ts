import { execFile } from 'node:child_process';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { eventually, programSkipReason, testPostgres } from '@secureconnect/testkit';
import { someone, type TestUser } from '@secureconnect/tokens/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrateAll, startStorage, type TestStorage } from './harness.ts';
import { keepLargeFile, saveTo } from './large-file.ts';
import { type StorageProcess, startStorageProcess } from './storage-process.ts';

const run = promisify(execFile);
const mebibyte = 1024 * 1024;

const withoutUnzip = programSkipReason(['unzip']);

describe.skipIf(withoutUnzip !== '')(`the archive of an export${withoutUnzip}`, () => {
  let stack: AsyncDisposableStack;
  let storage: TestStorage;
  let directory: string;
  beforeAll(async () => {
    stack = new AsyncDisposableStack();
    storage = stack.use(await startStorage());
    directory = await mkdtemp(join(tmpdir(), 'exports-'));
    stack.defer(() => rm(directory, { recursive: true }));
  });
  afterAll(() => stack.disposeAsync());

  interface ReadyExport {
    readonly exportId: string;
    readonly path: string;
  }

  /** An export that is ready, as auth and the services leave it, with one part. */
  async function readyExport(
    { database }: Pick<TestStorage, 'database'>,
    { userId }: TestUser,
    text = '{"profile":[]}',
  ): Promise<ReadyExport> {
    const [exportId, attemptId, token] = [randomUUID(), randomUUID(), randomUUID()];
    const sessionId = randomUUID();
    const name = `u_${userId.slice(0, 12)}`;
    await database.execute(
      `INSERT INTO auth.users (user_id, email, username, username_key, display_name)
     VALUES ($1, $2, $3, $3, $3)`,
      [userId, `${name}@example.com`, name],
    );
    await database.execute(
      `INSERT INTO auth.sessions (session_id, user_id, expires_at)
     VALUES ($1, $2, now() + interval '1 day')`,
      [sessionId, userId],
    );
    await database.execute(
      `INSERT INTO auth.data_exports (export_id, user_id, ready_at, expires_at)
     VALUES ($1, $2, now(), now() + interval '1 day')`,
      [exportId, userId],
    );
    await database.execute(
      `INSERT INTO auth.export_parts (export_id, part, attempt_id, leased_until, written_at, sha256,
       size_bytes, entries) VALUES ($1, 'account', $2, now(), now(), $3, $4, '{"profile":0}')`,
      [exportId, attemptId, createHash('sha256').update(text).digest('hex'), text.length],
    );
    for (const [position, half] of [text.slice(0, 5), text.slice(5)].entries()) {
      await database.execute(
        `INSERT INTO auth.export_chunks (export_id, part, attempt_id, position, content)
       VALUES ($1, 'account', $2, $3, $4)`,
        [exportId, attemptId, position, gzipSync(half)],
      );
    }
    // Of an attempt that was given up.
    await database.execute(
      `INSERT INTO auth.export_chunks (export_id, part, attempt_id, position, content)
     VALUES ($1, 'account', $2, 0, 'no gzip')`,
      [exportId, randomUUID()],
    );
    await database.execute(
      `INSERT INTO auth.export_links (token_hash, export_id, session_id, expires_at)
     VALUES ($1, $2, $3, now() + interval '15 minutes')`,
      [createHash('sha256').update(token).digest(), exportId, sessionId],
    );
    return { exportId, path: `/v1/storage/exports/${exportId}?token=${token}` };
  }

  async function download(path: string, from: Pick<TestStorage, 'url'> = storage): Promise<string> {
    const file = join(directory, `${randomUUID()}.zip`);
    const response = await fetch(`${from.url}${path}`);
    expect(response.status).toBe(200);
    await writeFile(file, Buffer.from(await response.arrayBuffer()));
    return file;
  }

  /** One entry of an archive, by unzip. */
  async function entryOf(archive: string, name: string): Promise<Buffer> {
    const { stdout } = await run('unzip', ['-p', archive, name], {
      encoding: 'buffer',
      maxBuffer: 64 * mebibyte,
    });
    return stdout;
  }

  it('sends the parts that were finished, and the files, byte by byte', async () => {
    const ada = someone();
    const files = [Buffer.alloc(0), Buffer.from('short'), randomBytes(3 * mebibyte)];
    const ids: string[] = [];
    for (const bytes of files) ids.push(await storage.upload(ada, bytes, { file_name: 'ä b.bin' }));
    await storage.upload(someone(), Buffer.from('of somebody else'));
    const archive = await download((await readyExport(storage, ada)).path);
    await run('unzip', ['-t', archive]);
    expect((await entryOf(archive, 'account.json')).toString()).toBe('{"profile":[]}');
    for (const [index, bytes] of files.entries()) {
      const found = await entryOf(archive, `files/${ids[index]}/*`);
      expect(found.equals(bytes), `file ${index}`).toBe(true);
    }
    const manifest = JSON.parse((await entryOf(archive, 'manifest.json')).toString());
    expect(manifest.entries).toHaveLength(4);
  });

  it('names files that are missing or damaged in the manifest', async () => {
    const ada = someone();
    const [lost, damaged] = [
      await storage.upload(ada, Buffer.from('lost')),
      await storage.upload(ada, Buffer.from('damaged')),
    ];
    const objectOf = async (fileId: string): Promise<string> => {
      const [row] = await storage.database.query<{ object_id: string }>(
        'SELECT object_id FROM storage.files WHERE file_id = $1',
        [fileId],
      );
      const name = row?.object_id ?? '';
      return join(storage.directory, name.slice(0, 2), name);
    };
    await rm(await objectOf(lost));
    await writeFile(await objectOf(damaged), 'DAMAGED');
    const archive = await download((await readyExport(storage, ada)).path);
    const manifest = JSON.parse((await entryOf(archive, 'manifest.json')).toString());
    expect(manifest.missing_files).toEqual([lost]);
    expect(manifest.entries.at(-1)).toMatchObject({ file_id: damaged, damaged: true });
  });

  it('refuses a link that is wrong, of another export, expired, or whose session has ended', async () => {
    const ada = someone();
    const { exportId, path } = await readyExport(storage, ada);
    const other = await readyExport(storage, someone());
    const status = async (asked: string) => (await storage.call('GET', asked)).status;
    expect(await status(`/v1/storage/exports/${exportId}`)).toBe(403);
    expect(await status(`/v1/storage/exports/${exportId}?token=${randomUUID()}`)).toBe(403);
    expect(await status(path.replace(exportId, other.exportId))).toBe(403);
    expect(await status(path)).toBe(200);
    const { execute } = storage.database;
    await execute('UPDATE auth.sessions SET ended_at = now() WHERE user_id = $1', [ada.userId]);
    expect(await status(path)).toBe(403);
    await execute('UPDATE auth.sessions SET ended_at = NULL WHERE user_id = $1', [ada.userId]);
    expect(await status(path)).toBe(200);
    await execute('UPDATE auth.export_links SET expires_at = now() WHERE export_id = $1', [
      exportId,
    ]);
    expect(await status(path)).toBe(403);
  });

  it('is 503 and sends nothing if the object store is down, and needs none without files', async () => {
    const [ada, bob] = [someone(), someone()];
    await using away = await startStorage();
    await away.upload(ada, Buffer.from('out of reach'));
    const [withFile, without] = [await readyExport(away, ada), await readyExport(away, bob)];
    await rm(away.directory, { recursive: true });
    expect((await away.call('GET', withFile.path)).status).toBe(503);
    await run('unzip', ['-t', await download(without.path, away)]);
    await mkdir(away.directory); // removed when the service ends
  });

  it('breaks the connection if a part has changed, and never ends an archive that is short', async () => {
    const { exportId, path } = await readyExport(storage, someone());
    await storage.database.execute(
      `DELETE FROM auth.export_chunks WHERE export_id = $1 AND position = 1`,
      [exportId],
    );
    const file = join(directory, 'short.zip');
    await expect(saveTo(file, `${storage.url}${path}`)).rejects.toThrow();
    await expect(run('unzip', ['-t', file])).rejects.toThrow();
  });

  const largeBytes = 250 * mebibyte;

  async function ownProcess(): Promise<StorageProcess> {
    const database = stack.use(await testPostgres());
    await migrateAll(database.url);
    return stack.use(await startStorageProcess({ databaseUrl: database.url }));
  }

  it('sends a large file with little memory, and an archive cut by kill -9 is seen as such', {
    timeout: 120_000,
  }, async () => {
    const process = await ownProcess();
    const ada = someone();
    await keepLargeFile(process, ada.userId, largeBytes);
    const { path } = await readyExport(process, ada);
    const file = join(directory, 'large.zip');
    await download((await readyExport(process, someone())).path, process); // warm
    const before = process.memoryBytes();
    let peakBytes = before;
    await saveTo(file, `${process.url}${path}`, () => {
      peakBytes = Math.max(peakBytes, process.memoryBytes());
    });
    expect(peakBytes - before).toBeLessThan(100 * mebibyte);
    await run('unzip', ['-t', file]);

    let killed: Promise<void> | undefined;
    const cut = saveTo(file, `${process.url}${path}`, (count) => {
      if (count > largeBytes / 2) killed ??= process.kill();
    });
    await expect(cut).rejects.toThrow();
    await killed;
    await expect(run('unzip', ['-t', file])).rejects.toThrow();
    await process.restart();
    await eventually(() => saveTo(file, `${process.url}${path}`));
    await run('unzip', ['-t', file]);
  });
});
