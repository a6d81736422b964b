import type { Database } from '@secureconnect/postgres';
import { repeatEvery } from '@secureconnect/service';
import type { StorageConfig } from '../config.ts';
import type { StorageContext } from '../context.ts';
import {
  type OpenStore,
  type OpenStoreOptions,
  openObjectStore,
} from '../objects/open-object-store.ts';
import { SignedUrls } from '../signed-urls.ts';
import { DirectTransfers } from '../transfers/direct-transfers.ts';
import { ServedTransfers } from '../transfers/served-transfers.ts';

/** The breaker is told by these whether the store is there, also when nobody asks for a file. */
const probeIntervalMs = 2000;

/** What it takes to reach the bytes of files. */
export type OpenFiles = Pick<StorageContext, 'objects' | 'transfers' | 'served'>;

export interface OpenFilesOptions extends Omit<OpenStoreOptions, 'files' | 'corsOrigins'> {
  readonly config: Pick<StorageConfig, 'files' | 'publicUrl' | 'urlSecret' | 'corsOrigins'>;
  readonly database: Database;
}

/**
 * Opens the object store that is configured, and the ways of bytes between it and clients. Throws a
 * ConfigError for a directory without use; an S3 may be away.
 */
export async function openFiles(options: OpenFilesOptions): Promise<OpenFiles> {
  const { config, database, now } = options;
  const opened = await openObjectStore({ ...options, ...config });
  await startProbing(opened, options);
  if (opened.kind === 's3') {
    const { store: objects, links, parts } = opened;
    const transfers = new DirectTransfers({ database, objects, links, parts, now });
    return { objects, transfers, served: undefined };
  }
  const { store: objects } = opened;
  const urls = new SignedUrls({ secret: config.urlSecret, publicUrl: config.publicUrl, now });
  const transfers = new ServedTransfers({ database, objects, urls, now });
  return { objects, transfers, served: { objects, urls } };
}

async function startProbing(
  opened: OpenStore,
  { log, resources }: OpenFilesOptions,
): Promise<void> {
  const run = async (): Promise<void> => {
    // A store that is away makes no error here: the guard has counted and logged it.
    const isThere = await opened.store.check().then(
      () => true,
      () => false,
    );
    if (isThere && opened.kind === 's3') await opened.store.settleCors();
  };
  await run();
  const what = 'object store probe';
  resources.defer(repeatEvery({ intervalMs: probeIntervalMs, what, log, run }));
}
