import { mkdir } from 'node:fs/promises';
import { ConfigError, type Logger, type ServiceMetrics } from '@secureconnect/service';
import { directoryExplanations } from './directory-explanations.ts';
import { DirectoryStore, faultOfDirectory } from './directory-store.ts';
import { explainStoreError } from './explanation.ts';
import type { S3 } from './s3/open-s3.ts';
import type { S3Config } from './s3/s3-config.ts';
import { StoreGuard, type StoreGuardOptions } from './store-guard.ts';
import { storeMetrics } from './store-metrics.ts';
import type { StoreMode } from './store-mode.ts';
import { StoreUnavailable } from './store-unavailable.ts';

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
  const { openS3, faultOfS3, s3Explanations } = await import('./s3/open-s3.ts');
  const place = `Object store at ${files.s3.endpoint} (bucket "${files.s3.bucket}")`;
  const explain = (error: unknown) => explainStoreError(error, place, s3Explanations);
  const guard = newGuard({ faultOf: faultOfS3, explain }, options);
  return { kind: 's3', ...openS3({ config: files.s3, corsOrigins, guard, log, now, resources }) };
}

async function openDirectory(
  directory: string,
  options: OpenStoreOptions,
): Promise<DirectoryStore> {
  const place = `STORAGE_DIRECTORY is "${directory}"`;
  const explain = (error: unknown) => explainStoreError(error, place, directoryExplanations);
  const guard = newGuard({ faultOf: faultOfDirectory, explain }, options);
  const store = new DirectoryStore({ directory, guard });
  try {
    await mkdir(directory, { recursive: true });
    await store.check();
  } catch (error) {
    const why = error instanceof StoreUnavailable ? error.cause : error;
    const words = why instanceof Error ? why.message : String(why);
    throw new ConfigError(explain(why) ?? `${place}; expected a directory for files: ${words}.`);
  }
  return store;
}

function newGuard(
  driver: Pick<StoreGuardOptions, 'faultOf' | 'explain'>,
  { mode, metrics, log }: OpenStoreOptions,
): StoreGuard {
  return new StoreGuard({ ...driver, mode, metrics: storeMetrics(metrics), log });
}
