import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ownS3SkipReason, type S3Address, testS3 } from '@secureconnect/testkit';
import { someone } from '@secureconnect/tokens/testing';
import { describe, expect, it } from 'vitest';
import { migrateAll } from '../../services/storage/test/harness.ts';
import {
  type StorageProcess,
  startStorageProcess,
} from '../../services/storage/test/storage-process.ts';
import { dumpedPostgres, dumpedPostgresSkipReason } from './dumped-postgres.ts';
import { imageSkipReason } from './engine.ts';

const root = join(import.meta.dirname, '../..');
const run = promisify(execFile);
const mcImage = 'minio/mc:RELEASE.2025-08-13T08-35-41Z';
const timeout = 180_000;

/** Runs a script of deploy/backup with these variables. */
const script = (name: string, values: readonly string[], environment: NodeJS.ProcessEnv) =>
  run(join(root, 'deploy/backup', name), values, { env: { ...process.env, ...environment } });

interface Scene extends AsyncDisposable {
  readonly storage: StorageProcess;
  readonly databaseUrl: string;
  /** For backups. */
  readonly folder: string;
}

async function startScene(s3?: S3Address): Promise<Scene> {
  await using parts = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'backup-'));
  parts.defer(() => rm(folder, { recursive: true }));
  const { url: databaseUrl } = parts.use(await dumpedPostgres());
  await migrateAll(databaseUrl);
  const options = { databaseUrl, ...(s3 === undefined ? {} : { s3 }) };
  const storage = parts.use(await startStorageProcess(options));
  const owned = parts.move();
  return { storage, databaseUrl, folder, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** A file that is uploaded, backed up, lost and restored, and comes back as it was. */
async function survives(
  { storage, databaseUrl, folder }: Scene,
  files: { backUp(): Promise<unknown>; lose(): Promise<unknown>; restore(): Promise<unknown> },
): Promise<void> {
  const user = someone();
  const bytes = randomBytes(100_000);
  const file = await storage.upload(user, bytes);
  const dump = join(folder, 'database.dump');
  const database = { DATABASE_URL: databaseUrl };
  await script('postgres-backup.sh', [dump], database);
  await files.backUp();
  // What comes after the backup is lost with it, and leaves nothing behind.
  await storage.upload(user, randomBytes(1000));

  await storage.kill();
  await storage.database.execute('DROP SCHEMA auth, storage CASCADE');
  await files.lose();
  await script('postgres-restore.sh', [dump], database);
  await files.restore();
  await storage.restart();

  const reply = await fetch(await storage.downloadUrl(user, file));
  expect(Buffer.from(await reply.arrayBuffer())).toEqual(bytes);
  expect(await storage.quota(user)).toMatchObject({ used: bytes.length });
  const { stdout } = await run(process.execPath, ['scripts/reconcile-storage.ts'], {
    cwd: root,
    env: { ...process.env, ...database, ...storage.filesEnvironment },
  });
  expect(stdout).toContain('1 files, 1 objects\nfiles with missing bytes: 0\n');
  await expect(script('postgres-restore.sh', [dump], database)).rejects.toThrow('already exists');
}

describe('a backup', () => {
  it.skipIf(dumpedPostgresSkipReason !== '')(
    `of the database and of a directory brings everything back${dumpedPostgresSkipReason}`,
    { timeout },
    async () => {
      await using scene = await startScene();
      const { storage, folder } = scene;
      const copy = join(folder, 'files');
      await survives(scene, {
        backUp: () => script('files-backup.sh', [storage.directory, copy], {}),
        async lose() {
          for (const name of await readdir(storage.directory)) {
            await rm(join(storage.directory, name), { recursive: true });
          }
        },
        restore: () => script('files-backup.sh', [copy, storage.directory], {}),
      });
    },
  );

  const withoutBucket = dumpedPostgresSkipReason || ownS3SkipReason || imageSkipReason(mcImage);
  it.skipIf(withoutBucket !== '')(
    `of the database and of a bucket brings everything back${withoutBucket}`,
    { timeout },
    async () => {
      await using s3 = await testS3('minio');
      await using scene = await startScene(s3);
      const { storage, folder } = scene;
      // The image's mc under its name, where the script looks for it.
      const mc = `#!/bin/sh\nexec docker run --rm --network host --env MC_HOST_live --volume ${folder}:${folder} ${mcImage} "$@"\n`;
      await writeFile(join(folder, 'mc'), mc, { mode: 0o755 });
      const { host } = new URL(s3.endpoint);
      const environment = {
        PATH: `${folder}:${process.env['PATH']}`,
        MC_HOST_live: `http://${s3.accessKey}:${s3.secretKey}@${host}`,
      };
      const bucket = `live/${storage.filesEnvironment['S3_BUCKET']}`;
      const copy = join(folder, 'bucket');
      const mirror = (from: string, to: string) =>
        script('bucket-backup.sh', [from, to], environment);
      await survives(scene, {
        backUp: () => mirror(bucket, copy),
        lose: () =>
          run(join(folder, 'mc'), ['rm', '--recursive', '--force', bucket], {
            env: { ...process.env, ...environment },
          }),
        restore: () => mirror(copy, bucket),
      });
    },
  );

  it('explains its usage if it is called wrongly', async () => {
    await expect(script('postgres-backup.sh', [], {})).rejects.toThrow('usage: postgres-backup.sh');
    await expect(script('postgres-backup.sh', ['x'], { DATABASE_URL: '' })).rejects.toThrow(
      'DATABASE_URL: is not set; expected a postgresql:// URL',
    );
    await expect(script('files-backup.sh', ['/nowhere', '/tmp/x'], {})).rejects.toThrow(
      '/nowhere is no directory',
    );
  });
});
