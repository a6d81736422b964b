import type { Database } from '@secureconnect/postgres';
import type { S3Links } from '../objects/s3/s3-links.ts';
import type { S3Parts } from '../objects/s3/s3-parts.ts';
import type { S3Store } from '../objects/s3/s3-store.ts';

/** What transfers to and from an S3 need. */
export interface DirectTransfersOptions {
  readonly database: Database;
  readonly objects: S3Store;
  readonly links: S3Links;
  readonly parts: S3Parts;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}
