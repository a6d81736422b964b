import type { Database } from '@secureconnect/postgres';
import { monitorDependency } from '@secureconnect/service';
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

/** Access to the bytes of files. */
export type OpenFiles = Pick<StorageContext, 'objects' | 'transfers' | 'served'>;

export interface OpenFilesOptions extends Omit<OpenStoreOptions, 'files' | 'corsOrigins'> {
  readonly config: Pick<StorageConfig, 'files' | 'publicUrl' | 'urlSecret' | 'corsOrigins'>;
  readonly database: Database;
}

/**
 * Opens the configured object store, and the transfers between it and clients. Throws a ConfigError
 * for an unusable directory; an S3 may be down.
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

/** Probes keep the mode informed, even if there are no requests. */
async function startProbing(
  { store }: OpenStore,
  { mode, resources }: OpenFilesOptions,
): Promise<void> {
  const monitor = monitorDependency(mode, async () => {
    await store.check();
    if ('settleCors' in store) await store.settleCors();
  });
  resources.defer(async () => monitor.stop());
  await monitor.start();
}
