import { join } from 'node:path';
import { openDatabase } from '@secureconnect/postgres';
import { freePort, type S3Address, ServiceProcess } from '@secureconnect/testkit';
import { jwtSecret } from '@secureconnect/tokens/testing';
import { filesIn, newDirectory } from './harness.ts';
import { clientOf, type TestStorage } from './storage-client.ts';

/** The service in a process of its own, to be killed, restarted and weighed. */
export interface StorageProcess extends TestStorage {
  /** Ends it with SIGKILL. */
  kill(): Promise<void>;
  /** Starts it again, on the same port, and waits until it is ready. */
  restart(): Promise<void>;
  /** The memory that it holds now, in bytes (VmRSS of /proc, Linux). */
  memoryBytes(): number;
}

export interface StorageProcessOptions {
  readonly databaseUrl: string;
  /** Files are in a new bucket there, and not in a directory. */
  readonly s3?: S3Address;
  readonly environment?: NodeJS.ProcessEnv;
}

const main = join(import.meta.dirname, '../src/main.ts');

/** Starts it over a database that has its tables. */
export async function startStorageProcess(options: StorageProcessOptions): Promise<StorageProcess> {
  const { databaseUrl, s3, environment } = options;
  const stack = new AsyncDisposableStack();
  const directory = await newDirectory(stack);
  const filesEnvironment = filesIn(directory, s3);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const variables = {
    ...process.env,
    LOG_LEVEL: 'fatal',
    DATABASE_URL: databaseUrl,
    JWT_SECRET: jwtSecret,
    STORAGE_PORT: String(port),
    STORAGE_PUBLIC_URL: url,
    ...filesEnvironment,
    ...environment,
  };
  const service = new ServiceProcess({ main, url, environment: variables });
  const kill = (): Promise<void> => service.end('SIGKILL');
  stack.defer(kill);
  await service.start();
  const database = openDatabase({ url: databaseUrl, onIdleError: () => undefined });
  stack.defer(() => database.close());
  const client = clientOf({ url, databaseUrl, database, directory, filesEnvironment }, stack);
  return Object.assign(client, {
    kill,
    restart: () => service.start(),
    memoryBytes: () => service.memoryBytes(),
  });
}
