import type { Database } from '@secureconnect/postgres';
import type { ObjectStore, ServedStore } from './objects/object-store.ts';
import type { Scans } from './scan/scans.ts';
import type { SignedUrls } from './signed-urls.ts';
import type { Transfers } from './transfers/transfers.ts';

/** What the routes need that serve the bytes themselves. */
export interface Served {
  readonly objects: ServedStore;
  readonly urls: SignedUrls;
}

/** What the handlers of storage use. */
export interface StorageContext {
  readonly database: Database;
  readonly objects: ObjectStore;
  readonly transfers: Transfers;
  /** Undefined where clients send and get bytes elsewhere. */
  readonly served: Served | undefined;
  readonly scans: Scans;
  /** Of each user, in bytes. */
  readonly quotaBytes: number;
  /** Of a file that is sent in parts. */
  readonly multipartMaxBytes: number;
  /** The time, in milliseconds since the epoch. */
  readonly now: () => number;
}
