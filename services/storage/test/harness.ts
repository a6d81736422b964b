import { createHash, randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UploadTarget } from '@secureconnect/contracts';
import { type Database, migrate, openDatabase } from '@secureconnect/postgres';
import { createLogger } from '@secureconnect/service';
import { testPostgres } from '@secureconnect/testkit';
import { createTokenSigner } from '@secureconnect/tokens';
import type { StorageContext } from '../src/context.ts';
import { createStorage, readStorageConfig } from '../src/index.ts';
import { type CallOptions, call, type Reply } from './call.ts';

export const jwtSecret = 'a secret of the tests that is long enough';
const signToken = createTokenSigner({ secret: jwtSecret });

export interface TestUser {
  readonly userId: string;
  readonly sessionId: string;
  readonly token: string;
}

export interface TestStorage extends AsyncDisposable {
  readonly url: string;
  readonly databaseUrl: string;
  readonly database: Database;
  readonly directory: string;
  call(method: string, path: string, options?: CallOptions): Promise<Reply>;
  /** Asks for a URL to send `bytes` to. */
  reserve(user: TestUser, bytes: Buffer, fields?: object): Promise<UploadTarget>;
  /** The whole flow; returns the id of the uploaded file. */
  upload(user: TestUser, bytes: Buffer, fields?: object): Promise<string>;
  /** A URL for the bytes of a file, on this instance. */
  downloadUrl(user: TestUser, fileId: string): Promise<string>;
  /** The names of everything in the object store. */
  stored(): Promise<string[]>;
  /** What the quota route says. */
  quota(user: TestUser): Promise<unknown>;
}

export interface StartOptions {
  readonly environment?: NodeJS.ProcessEnv;
  readonly overrides?: Partial<StorageContext>;
  /** A further instance over the database and the directory of this one. */
  readonly beside?: TestStorage;
}

const root = join(import.meta.dirname, '..', '..');

async function newDatabase(stack: AsyncDisposableStack): Promise<string> {
  const database = stack.use(await testPostgres());
  for (const schema of ['auth', 'storage']) {
    const directory = join(root, schema, 'migrations');
    await migrate({ databaseUrl: database.url, schema, directory });
  }
  return database.url;
}

async function newDirectory(stack: AsyncDisposableStack): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'storage-'));
  stack.defer(() => rm(directory, { recursive: true }));
  return directory;
}

/** A real storage service on a free port, over a database and a directory of its own. */
export async function startStorage(options: StartOptions = {}): Promise<TestStorage> {
  const { environment = {}, overrides, beside } = options;
  const stack = new AsyncDisposableStack();
  const databaseUrl = beside?.databaseUrl ?? (await newDatabase(stack));
  const directory = beside?.directory ?? (await newDirectory(stack));
  const config = readStorageConfig({
    DATABASE_URL: databaseUrl,
    JWT_SECRET: jwtSecret,
    STORAGE_DIRECTORY: directory,
    ...environment,
  });
  const log = createLogger({ service: 'storage', level: 'fatal' });
  const service = await createStorage(config, log, overrides);
  stack.defer(() => service.close());
  const url = `http://127.0.0.1:${await service.listen(0)}`;
  const database = openDatabase({ url: databaseUrl });
  stack.defer(() => database.close());
  return clientOf({ url, databaseUrl, database, directory }, stack);
}

type Parts = Pick<TestStorage, 'url' | 'databaseUrl' | 'database' | 'directory'>;

function clientOf(parts: Parts, stack: AsyncDisposableStack): TestStorage {
  const { url } = parts;
  const storage: TestStorage = {
    ...parts,
    call: (method, path, options) => call(url, method, path, options),
    async reserve({ token }, bytes, fields = {}) {
      const body = newUpload(bytes, fields);
      const reply = await storage.call('POST', '/v1/storage/upload-url', { token, body });
      return UploadTarget.parse(reply.body.data);
    },
    async upload(user, bytes, fields) {
      const target = await storage.reserve(user, bytes, fields);
      await send(here(url, target.upload_url), bytes, target.headers);
      const body = { file_id: target.file_id, checksum_sha256: sha256(bytes) };
      const { token } = user;
      const done = await storage.call('POST', '/v1/storage/upload-complete', { token, body });
      if (done.status !== 200) throw new Error(`upload-complete: ${done.text}`);
      return target.file_id;
    },
    async downloadUrl({ token }, fileId) {
      const reply = await storage.call('GET', `/v1/storage/download-url/${fileId}`, { token });
      return here(url, String(reply.body.data?.['download_url']));
    },
    async stored() {
      const entries = await readdir(parts.directory, { recursive: true, withFileTypes: true });
      return entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
    },
    async quota({ token }) {
      return (await storage.call('GET', '/v1/storage/quota', { token })).body.data;
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
  return storage;
}

/** A user with a token, as auth would have signed it. */
export function someone(lifetimeSeconds = 900): TestUser {
  const userId = randomUUID();
  const sessionId = randomUUID();
  const { token } = signToken({ userId, sessionId, role: 'user', lifetimeSeconds });
  return { userId, sessionId, token };
}

/** A body for upload-url that announces these bytes. */
export function newUpload(bytes: Buffer, fields: object = {}): object {
  return {
    file_name: 'notes.txt',
    file_size: bytes.length,
    content_type: 'text/plain',
    is_encrypted: false,
    ...fields,
  };
}

/** A signed URL names the public address; tests ask the instance itself. */
export function here(url: string, signedUrl: string): string {
  const { pathname, search } = new URL(signedUrl);
  return `${url}${pathname}${search}`;
}

export async function send(
  url: string,
  bytes: Buffer,
  headers: Readonly<Record<string, string>>,
): Promise<Reply> {
  const { origin, pathname, search } = new URL(url);
  return call(origin, 'PUT', `${pathname}${search}`, { bytes, headers });
}

export function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
