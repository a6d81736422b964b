import type { Database } from '@secureconnect/postgres';
import type { ObjectStore } from './objects/object-store.ts';
import type { SignedUrls } from './signed-urls.ts';

/** What the handlers of storage use. */
export interface StorageContext {
  readonly database: Database;
  readonly objects: ObjectStore;
  readonly urls: SignedUrls;
  /** Of each user, in bytes. */
  readonly quotaBytes: number;
  /** The time, in milliseconds since the epoch. */
  readonly now: () => number;
}
