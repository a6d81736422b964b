import type { Logger } from '@secureconnect/service';
import type { StoreGuard } from '../store-guard.ts';
import { openS3Client } from './s3-client.ts';
import type { S3Config } from './s3-config.ts';
import { S3Links } from './s3-links.ts';
import { S3Parts } from './s3-parts.ts';
import { S3Store } from './s3-store.ts';

/** One bucket of an S3. */
export interface S3 {
  readonly store: S3Store;
  readonly links: S3Links;
  readonly parts: S3Parts;
}

export interface OpenS3Options {
  readonly config: S3Config;
  /** Origins of web pages that may use presigned URLs. */
  readonly corsOrigins: readonly string[];
  readonly log: Logger;
  readonly guard: StoreGuard;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly resources: AsyncDisposableStack;
}

/** Opens an S3 without contacting the server; its connections end with `resources`. */
export function openS3(options: OpenS3Options): S3 {
  const { config, corsOrigins, guard, log, now, resources } = options;
  const { endpoint, publicEndpoint, bucket, region } = config;
  const { client, close } = openS3Client(endpoint, config);
  resources.defer(close);
  const { client: publicClient } = openS3Client(publicEndpoint, config);
  return {
    store: new S3Store({ client, bucket, region, guard, corsOrigins, log }),
    links: new S3Links({ client: publicClient, bucket, now }),
    parts: new S3Parts({ client, bucket, guard }),
  };
}

export { faultOfS3 } from './s3-errors.ts';
export { s3Explanations } from './s3-explanations.ts';
