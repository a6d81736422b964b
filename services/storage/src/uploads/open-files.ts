import type { Database } from '@secureconnect/postgres';
import { probeDependency } from '@secureconnect/service';
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
  const { config, database, now, mode, resources } = options;
  const opened = await openObjectStore({ ...options, ...config });
  await probeDependency({ mode, resources, check: () => check(opened) });
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

/** Whether the store works; once it does, its rule for web pages is set. */
async function check({ store }: OpenStore): Promise<void> {
  await store.check();
  if ('settleCors' in store) await store.settleCors();
}
