import type { Database } from '@secureconnect/postgres';
import type { ObjectStore, ServedStore } from './objects/object-store.ts';
import type { Scans } from './scan/scans.ts';
import type { SignedUrls } from './signed-urls.ts';
import type { Transfers } from './transfers/transfers.ts';

/** What the routes that transfer bytes through this service need. */
export interface Served {
  readonly objects: ServedStore;
  readonly urls: SignedUrls;
}

/** What storage works with. */
export interface StorageContext {
  readonly database: Database;
  readonly objects: ObjectStore;
  readonly transfers: Transfers;
  /** Undefined if clients exchange bytes directly with the object store. */
  readonly served: Served | undefined;
  readonly scans: Scans;
  /** The quota of each user, in bytes. */
  readonly quotaBytes: number;
  /** Maximum size of a file that is sent in parts. */
  readonly multipartMaxBytes: number;
  /** The time, in milliseconds since the epoch. */
  readonly now: () => number;
}

/** What transfers of files work with. */
export type FilesContext = Omit<StorageContext, 'scans'>;

/** What leads to the object store. */
type StoreAccess = 'objects' | 'transfers' | 'served';

/**
 * What the handlers of storage use besides their ports, which alone lead to the object store and to
 * the scan hook.
 */
export type RouteContext = Omit<StorageContext, StoreAccess | 'scans'> & {
  readonly scans: Pick<Scans, 'covers'>;
  /** Undefined if clients exchange bytes directly with the object store. */
  readonly urls: SignedUrls | undefined;
};
