import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '@secureconnect/postgres';
import { migratedDatabase, migrateServices } from '@secureconnect/postgres/testing';
import { createLogger } from '@secureconnect/service';
import { LogLines, type S3Address, type TestDatabase } from '@secureconnect/testkit';
import { jwtSecret } from '@secureconnect/tokens/testing';
import type { StorageContext } from '../src/context.ts';
import { createStorage, readStorageConfig } from '../src/index.ts';
import { clientOf, type TestStorage } from './storage-client.ts';

export {
  here,
  newUpload,
  send,
  sha256,
  type TestStorage,
} from './storage-client.ts';

export interface StartOptions {
  readonly environment?: NodeJS.ProcessEnv;
  readonly overrides?: Partial<StorageContext>;
  /** A free one where it is not given. */
  readonly port?: number;
  /** A further instance over the database and the directory of this one. */
  readonly beside?: TestStorage;
  /** Files are in a new bucket there, and not in a directory. */
  readonly s3?: S3Address;
}

async function newDatabase(stack: AsyncDisposableStack): Promise<string> {
  const database = stack.use(await migratedStorageDatabase());
  return database.url;
}

const schemas = ['auth', 'storage'];

/** A database with the tables that storage uses. */
export function migratedStorageDatabase(): Promise<TestDatabase> {
  return migratedDatabase(schemas);
}

/** Makes the tables that storage uses, in a server of a test's own. */
export function migrateAll(databaseUrl: string): Promise<void> {
  return migrateServices(databaseUrl, schemas);
}

/** A directory that is removed with `stack`. */
export async function newDirectory(stack: AsyncDisposableStack): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'storage-'));
  stack.defer(() => rm(directory, { recursive: true }));
  return directory;
}

/** A real storage service on a free port, over a database and a directory of its own. */
export async function startStorage(options: StartOptions = {}): Promise<TestStorage> {
  const { environment = {}, overrides, beside, s3 } = options;
  const stack = new AsyncDisposableStack();
  const databaseUrl = beside?.databaseUrl ?? (await newDatabase(stack));
  const directory = beside?.directory ?? (await newDirectory(stack));
  const filesEnvironment = beside?.filesEnvironment ?? filesIn(directory, s3);
  const config = readStorageConfig({
    DATABASE_URL: databaseUrl,
    JWT_SECRET: jwtSecret,
    ...filesEnvironment,
    ...environment,
  });
  const { write } = stack.use(new LogLines());
  const log = createLogger({ service: 'storage', level: 'error', write });
  const service = await createStorage(config, log, overrides);
  stack.defer(() => service.close());
  const url = `http://127.0.0.1:${await service.listen(options.port ?? 0)}`;
  const database = openDatabase({ url: databaseUrl });
  stack.defer(() => database.close());
  return clientOf({ url, databaseUrl, database, directory, filesEnvironment }, stack);
}

/** The variables that say where files are. */
export function filesIn(directory: string, s3: S3Address | undefined): NodeJS.ProcessEnv {
  return s3 === undefined ? { STORAGE_DIRECTORY: directory } : s3Variables(s3);
}

/** For the environment of a service, with a bucket of its own unless one is named. */
function s3Variables(s3: S3Address, bucket = `test-${randomUUID()}`): NodeJS.ProcessEnv {
  return {
    S3_ENDPOINT: s3.endpoint,
    S3_PUBLIC_ENDPOINT: s3.endpoint,
    S3_REGION: s3.region,
    S3_ACCESS_KEY: s3.accessKey,
    S3_SECRET_KEY: s3.secretKey,
    S3_BUCKET: bucket,
  };
}
