import { mkdir } from 'node:fs/promises';
import { ConfigError, type Logger, type ServiceMetrics } from '@secureconnect/service';
import { DirectoryStore, faultOfDirectory } from './directory-store.ts';
import type { S3 } from './s3/open-s3.ts';
import type { S3Config } from './s3/s3-config.ts';
import { type FaultOf, StoreGuard } from './store-guard.ts';
import { storeMetrics } from './store-metrics.ts';
import type { StoreMode } from './store-mode.ts';

/** Where files are kept. */
export type FilesConfig =
  | { readonly kind: 'directory'; readonly directory: string }
  | { readonly kind: 's3'; readonly s3: S3Config };

export interface OpenStoreOptions {
  readonly files: FilesConfig;
  /** Origins of web pages that may use the presigned URLs of an S3. */
  readonly corsOrigins: readonly string[];
  /** Of the store: follows what calls to it meet. */
  readonly mode: StoreMode;
  readonly metrics: ServiceMetrics;
  readonly log: Logger;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Resources that are closed when the process ends. */
  readonly resources: AsyncDisposableStack;
}

export type OpenStore =
  | { readonly kind: 'directory'; readonly store: DirectoryStore }
  | ({ readonly kind: 's3' } & S3);

/** Opens the configured object store. Throws a ConfigError for an unusable directory. */
export async function openObjectStore(options: OpenStoreOptions): Promise<OpenStore> {
  const { files, corsOrigins, log, now, resources } = options;
  if (files.kind === 'directory') {
    return { kind: 'directory', store: await openDirectory(files.directory, options) };
  }
  // The S3 client is loaded only if it is used.
  const { openS3, faultOfS3 } = await import('./s3/open-s3.ts');
  const guard = newGuard(faultOfS3, options);
  return { kind: 's3', ...openS3({ config: files.s3, corsOrigins, guard, log, now, resources }) };
}

async function openDirectory(
  directory: string,
  options: OpenStoreOptions,
): Promise<DirectoryStore> {
  const store = new DirectoryStore({ directory, guard: newGuard(faultOfDirectory, options) });
  try {
    await mkdir(directory, { recursive: true });
    await store.check();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ConfigError(
      `STORAGE_DIRECTORY is "${directory}"; expected a writable directory: ${why}.`,
    );
  }
  return store;
}

function newGuard(faultOf: FaultOf, { mode, metrics, log }: OpenStoreOptions): StoreGuard {
  return new StoreGuard({ faultOf, mode, metrics: storeMetrics(metrics), log });
}
