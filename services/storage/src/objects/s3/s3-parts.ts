import type { StoreGuard } from '../store-guard.ts';
import type { ListedPart, S3Client } from './s3-client.ts';
import { codeOf, whereItExists } from './s3-errors.ts';

/** Long, because some stores copy every byte to join parts. */
const joiningLimitMs = 5 * 60_000;

export interface S3PartsOptions {
  readonly client: S3Client;
  readonly bucket: string;
  readonly guard: StoreGuard;
}

/** Objects that are uploaded in parts, which the S3 collects and joins. */
export class S3Parts {
  readonly #options: S3PartsOptions;

  constructor(options: S3PartsOptions) {
    this.#options = options;
  }

  /** Returns the id of the upload. */
  begin(objectId: string, contentType: string): Promise<string> {
    const { client, bucket, guard } = this.#options;
    const headers = { 'content-type': contentType };
    return guard.run('begin_parts', () =>
      client.initiateNewMultipartUpload(bucket, objectId, headers),
    );
  }

  /** The parts that have arrived, by number; undefined if the upload has ended. */
  list(objectId: string, uploadId: string): Promise<readonly ListedPart[] | undefined> {
    const { client, bucket, guard } = this.#options;
    return guard.run('list_parts', () => whereItExists(client.partsOf(bucket, objectId, uploadId)));
  }

  /** Joins parts into an object. False if a part was replaced meanwhile or the upload has ended. */
  async join(objectId: string, uploadId: string, parts: readonly ListedPart[]): Promise<boolean> {
    const { client, bucket, guard } = this.#options;
    const etags = parts.map(({ part, etag }) => ({ part, etag }));
    try {
      await guard.run(
        'join_parts',
        () => client.completeMultipartUpload(bucket, objectId, uploadId, etags),
        joiningLimitMs,
      );
      return true;
    } catch (error) {
      if (['InvalidPart', 'NoSuchUpload'].includes(codeOf(error))) return false;
      throw error;
    }
  }
}
