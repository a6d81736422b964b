import { createLogger, createMetrics } from '@secureconnect/service';
import { jwtSecret } from '@secureconnect/tokens/testing';
import { readStorageConfig } from '../src/config.ts';
import type { StorageContext } from '../src/context.ts';
import { createStoreMode } from '../src/objects/store-mode.ts';
import { openScans } from '../src/scan/open-scans.ts';
import { createScanHookMode } from '../src/scan/scan-hook-mode.ts';
import { openFiles } from '../src/uploads/open-files.ts';
import type { TestStorage } from './harness.ts';

/** Says nothing. */
export const log = createLogger({ service: 'storage', level: 'silent' });

export interface TestContextOptions {
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  /** Of the service; its own where it is not given. */
  readonly environment?: NodeJS.ProcessEnv;
}

/** The context of a process beside a service, over the same database and files. */
export async function openTestContext(
  storage: TestStorage,
  { now = Date.now, environment = {} }: TestContextOptions = {},
): Promise<StorageContext> {
  await using resources = new AsyncDisposableStack();
  const config = readStorageConfig({
    DATABASE_URL: storage.databaseUrl,
    JWT_SECRET: jwtSecret,
    ...storage.filesEnvironment,
    ...environment,
  });
  const { database } = storage;
  const metrics = createMetrics();
  const mode = createStoreMode('storage');
  const files = await openFiles({ config, database, mode, metrics, log, now, resources });
  const scanMode = createScanHookMode('storage');
  const scanOptions = { config: config.scan, mode: scanMode };
  const scans = openScans({ ...scanOptions, database, ...files, metrics, log, now });
  const { quotaBytes, multipartMaxBytes } = config;
  return { database, ...files, scans, quotaBytes, multipartMaxBytes, now };
}
