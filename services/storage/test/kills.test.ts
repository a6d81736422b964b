import { randomBytes, randomInt } from 'node:crypto';
import { request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import {
  eventually,
  ownPostgres,
  ownS3SkipReason,
  type TestS3,
  testS3,
} from '@secureconnect/testkit';
import { someone, type TestUser } from '@secureconnect/tokens/testing';
import { describe, expect, it } from 'vitest';
import { reconcile } from '../src/reconciliation/reconcile.ts';
import { sweep } from '../src/uploads/sweep.ts';
import { log, openTestContext } from './context.ts';
import { migrateAll, migratedStorageDatabase } from './harness.ts';
import { send, sha256 } from './storage-client.ts';
import { type StorageProcess, startStorageProcess } from './storage-process.ts';

const hourMs = 60 * 60_000;
const files = 12;

interface Sent {
  readonly fileId: string;
  readonly bytes: Buffer;
}

/** Files whose bytes are there, and which nobody has completed. */
async function sendMany(storage: StorageProcess, user: TestUser): Promise<Sent[]> {
  return Promise.all(
    Array.from({ length: files }, async (_, index) => {
      const bytes = randomBytes(10_000 + index);
      const { file_id, upload_url, headers } = await storage.reserve(user, bytes);
      expect((await send(upload_url, bytes, headers)).status).toBe(200);
      return { fileId: file_id, bytes };
    }),
  );
}

/** Undefined where no answer came. */
async function complete(
  storage: StorageProcess,
  { token }: TestUser,
  { fileId, bytes }: Sent,
): Promise<number | undefined> {
  const body = { file_id: fileId, checksum_sha256: sha256(bytes) };
  try {
    return (await storage.call('POST', '/v1/storage/upload-complete', { token, body })).status;
  } catch (error) {
    if (error instanceof TypeError) return undefined; // as fetch says that the connection broke
    throw error;
  }
}

/** What was acknowledged is whole; after sweeps the store holds that, and the quota is its sum. */
async function expectOrder(
  storage: StorageProcess,
  user: TestUser,
  acknowledged: readonly Sent[],
): Promise<void> {
  for (const { fileId, bytes } of acknowledged) {
    const response = await fetch(await storage.downloadUrl(user, fileId));
    expect(Buffer.from(await response.arrayBuffer()).equals(bytes)).toBe(true);
  }
  let nowMs = Date.now();
  const now = () => nowMs;
  const context = await openTestContext(storage, { now });
  for (const laterMs of [0, 2 * hourMs, 2 * hourMs]) {
    nowMs += laterMs;
    await sweep(context, log);
  }
  const { missing, orphans, foreign, usage, objects } = await reconcile({
    ...context,
    graceMs: 0,
    fix: false,
  });
  expect({ missing, orphans, foreign, usage }).toEqual({
    missing: [],
    orphans: [],
    foreign: [],
    usage: [],
  });
  const [row] = await storage.database.query<{ files: string; bytes: string }>(
    `SELECT count(*) AS files, sum(file_size) AS bytes FROM storage.files WHERE status = 'uploaded'`,
  );
  expect(objects).toBe(Number(row?.files));
  const used = Number(row?.bytes ?? 0);
  expect(await storage.quota(user)).toMatchObject({ used, available: context.quotaBytes - used });
}

const stores: readonly (readonly [string, () => Promise<TestS3 | undefined>])[] = [
  ['a directory', async () => undefined],
  ...(ownS3SkipReason === '' ? [['an S3', () => testS3('minio')] as const] : []),
];

describe.each(stores)('after kill -9, with files in %s', (_name, openStore) => {
  it('of the service between PUT and complete, and while it completes, nothing is lost', async () => {
    await using database = await migratedStorageDatabase();
    await using s3 = (await openStore()) ?? nothing;
    await using storage = await startStorageProcess({ databaseUrl: database.url, ...given(s3) });
    const user = someone();
    const sent = await sendMany(storage, user);
    await storage.kill();
    await storage.restart();
    const acknowledged: Sent[] = [];
    const said = sent.slice(0, files - 2).map(async (file) => {
      if ((await complete(storage, user, file)) === 200) acknowledged.push(file);
    });
    await delay(randomInt(60));
    await storage.kill();
    await Promise.all(said);
    await storage.restart();
    const before = [...acknowledged];
    for (const file of sent.slice(0, files - 4)) {
      expect(await complete(storage, user, file)).toBe(200);
      if (!before.includes(file)) acknowledged.push(file);
    }
    await expectOrder(storage, user, acknowledged);
  }, 120_000);

  it('of PostgreSQL while uploads are completed, nothing is lost', async () => {
    await using database = await ownPostgres();
    await migrateAll(database.url);
    await using s3 = (await openStore()) ?? nothing;
    await using storage = await startStorageProcess({ databaseUrl: database.url, ...given(s3) });
    const user = someone();
    const sent = await sendMany(storage, user);
    const acknowledged: Sent[] = [];
    const said = sent.map(async (file) => {
      const status = await complete(storage, user, file);
      expect([200, 503]).toContain(status);
      if (status === 200) acknowledged.push(file);
    });
    await delay(randomInt(60));
    await database.kill();
    await Promise.all(said);
    await database.restart();
    await eventually(async () => expect((await storage.call('GET', '/ready')).status).toBe(200), {
      timeoutMs: 20_000,
    });
    for (const file of sent.slice(0, files - 2)) {
      expect(await complete(storage, user, file)).toBe(200);
      if (!acknowledged.includes(file)) acknowledged.push(file);
    }
    await expectOrder(storage, user, acknowledged);
  }, 120_000);

  it('of what takes the bytes, in the middle of a PUT, nothing is lost or left behind', async () => {
    await using database = await migratedStorageDatabase();
    await using s3 = (await openStore()) ?? nothing;
    await using storage = await startStorageProcess({ databaseUrl: database.url, ...given(s3) });
    const user = someone();
    const kept = randomBytes(5000);
    const keptId = await storage.upload(user, kept);
    const bytes = randomBytes(3_000_000);
    const [first, second] = [
      await storage.reserve(user, bytes),
      await storage.reserve(user, bytes),
    ];
    const broken = [first, second].map(({ upload_url, headers }) => {
      const length = { 'content-length': bytes.length };
      const sending = request(upload_url, { method: 'PUT', headers: { ...headers, ...length } });
      const over = new Promise((resolve) => sending.on('error', resolve).on('close', resolve));
      const begun = new Promise((resolve) => sending.write(bytes.subarray(0, 2_000_000), resolve));
      return { over, begun };
    });
    await Promise.all(broken.map(({ begun }) => begun));
    const killed = isServer(s3) ? s3 : storage;
    await killed.kill();
    await Promise.all(broken.map(({ over }) => over));
    await killed.restart();
    await eventually(async () => expect((await storage.call('GET', '/ready')).status).toBe(200), {
      timeoutMs: 20_000,
    });
    const { file_id: fileId, upload_url, headers } = first;
    expect(await complete(storage, user, { fileId, bytes })).toBe(409);
    expect((await send(upload_url, bytes, headers)).status).toBe(200);
    expect(await complete(storage, user, { fileId, bytes })).toBe(200);
    const acknowledged = [
      { fileId, bytes },
      { fileId: keptId, bytes: kept },
    ];
    await expectOrder(storage, user, acknowledged);
  }, 120_000);
});

/** In the place of a server, where there is none to be disposed of. */
const nothing: AsyncDisposable = { [Symbol.asyncDispose]: async () => undefined };

function isServer(disposable: AsyncDisposable): disposable is TestS3 {
  return 'endpoint' in disposable;
}

function given(disposable: AsyncDisposable): { s3?: TestS3 } {
  return isServer(disposable) ? { s3: disposable } : {};
}
