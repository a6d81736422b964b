import { createHash } from 'node:crypto';
import { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import type { Logger } from '@secureconnect/service';
import {
  type ByteRange,
  isObjectId,
  type ListedObject,
  type ObjectStore,
} from '../object-store.ts';
import type { StoreGuard } from '../store-guard.ts';
import { provideBucketCors } from './bucket-cors.ts';
import type { S3Client } from './s3-client.ts';
import { codeOf, whereItExists } from './s3-errors.ts';

/** The description of an object by its store. */
export interface StoredObject {
  readonly sizeBytes: number;
  readonly contentType: string;
}

/** For calls that copy every byte within the store. */
const movingLimitMs = 5 * 60_000;
/** A reader of an object, such as a slow client, may pause for this long. */
const pausedMs = 60_000;
/** A store that takes longer to answer a check is down. */
const checkLimitMs = 1500;

export interface S3StoreOptions {
  readonly client: S3Client;
  readonly bucket: string;
  /** The region for creating a bucket. */
  readonly region: string;
  readonly guard: StoreGuard;
  /** Origins of web pages that may use presigned URLs. */
  readonly corsOrigins: readonly string[];
  readonly log: Logger;
}

/** Keeps objects in a bucket of an S3, under their ids. Clients exchange bytes with the S3. */
export class S3Store implements ObjectStore {
  readonly #client: S3Client;
  readonly #bucket: string;
  readonly #region: string;
  readonly #guard: StoreGuard;
  readonly #provideCors: () => Promise<boolean>;
  #corsIsSettled = false;

  constructor(options: S3StoreOptions) {
    const { client, bucket, region, guard, corsOrigins: origins, log } = options;
    this.#provideCors = () => provideBucketCors({ client, bucket, region, origins, log });
    this.#client = client;
    this.#bucket = bucket;
    this.#region = region;
    this.#guard = guard;
  }

  async sizeOf(objectId: string): Promise<number | undefined> {
    return (await this.describe(objectId))?.sizeBytes;
  }

  /** The size and content type of an object; undefined if there is no such object. */
  async describe(objectId: string): Promise<StoredObject | undefined> {
    const found = await this.#guard.run('size', () =>
      whereItExists(this.#client.statObject(this.#bucket, objectId)),
    );
    if (found === undefined) return undefined;
    const contentType: unknown = found.metaData['content-type'];
    return { sizeBytes: found.size, contentType: String(contentType ?? '') };
  }

  /**
   * The SHA-256 of the first `sizeBytes` bytes, in hexadecimal, read once and not kept in memory;
   * undefined if there is no such object.
   */
  async hash(objectId: string, sizeBytes: number): Promise<string | undefined> {
    // No byte range of an empty object can be satisfied (RFC 9110, 14.1.1).
    if (sizeBytes === 0) {
      const found = await this.sizeOf(objectId);
      return found === undefined ? undefined : createHash('sha256').digest('hex');
    }
    const noLimit = 0; // the transport ends a silent connection
    return this.#guard.run(
      'hash',
      async () => {
        const bytes = await whereItExists(
          this.#client.getPartialObject(this.#bucket, objectId, 0, sizeBytes),
        );
        if (bytes === undefined) return undefined;
        const hash = createHash('sha256');
        for await (const chunk of bytes) hash.update(chunk);
        return hash.digest('hex');
      },
      noLimit,
    );
  }

  async read(objectId: string, range: ByteRange): Promise<Readable | undefined> {
    const sizeBytes = range.lastByte - range.firstByte + 1;
    // No byte range of an empty object can be satisfied (RFC 9110, 14.1.1).
    if (sizeBytes === 0) {
      return (await this.sizeOf(objectId)) === undefined ? undefined : Readable.from([]);
    }
    const bytes = await this.#guard.run('read', () =>
      whereItExists(
        this.#client.getPartialObject(this.#bucket, objectId, range.firstByte, sizeBytes),
      ),
    );
    if (bytes instanceof IncomingMessage) bytes.setTimeout(pausedMs);
    return bytes;
  }

  /** Copies within the store, including the type. False if there is no such object. */
  async copy(fromId: string, toId: string): Promise<boolean> {
    const source = `/${this.#bucket}/${fromId}`;
    const copied = await this.#guard.run(
      'copy',
      () => whereItExists(this.#client.copyObject(this.#bucket, toId, source)),
      movingLimitMs,
    );
    return copied !== undefined;
  }

  async remove(objectId: string): Promise<void> {
    await this.#guard.run('remove', async () => {
      for (const uploadId of await this.#client.uploadIdsOf(this.#bucket, objectId)) {
        await whereItExists(this.#client.abortMultipartUpload(this.#bucket, objectId, uploadId));
      }
      await whereItExists(this.#client.removeObject(this.#bucket, objectId));
    });
  }

  async *list(): AsyncGenerator<ListedObject> {
    for (let after = '', more = true; more; ) {
      const page = await this.#guard.run('list', () =>
        this.#client.listObjectsV2Query(this.#bucket, '', after, '', 1000, ''),
      );
      for (const found of page.objects) {
        if (found.name === undefined) continue;
        yield {
          objectId: isObjectId(found.name) ? found.name : undefined,
          name: found.name,
          sizeBytes: found.size,
          changedAt: found.lastModified,
        };
      }
      more = page.isTruncated;
      after = page.nextContinuationToken;
    }
  }

  /** Resolves when the bucket exists; creates it if it is missing. */
  async check(): Promise<void> {
    await this.#guard.run('check', () => this.#provideBucket(), checkLimitMs);
  }

  /** Sets the CORS rule, once. Never rejects, because the store can serve without it. */
  async settleCors(): Promise<void> {
    if (!this.#corsIsSettled) this.#corsIsSettled = await this.#provideCors();
  }

  async #provideBucket(): Promise<void> {
    if (await this.#bucketExists()) return;
    try {
      await this.#client.makeBucket(this.#bucket, this.#region);
    } catch (error) {
      // A different instance may have created it.
      if (!(await this.#client.bucketExists(this.#bucket))) throw error;
    }
  }

  async #bucketExists(): Promise<boolean> {
    try {
      return await this.#client.bucketExists(this.#bucket);
    } catch (error) {
      if (codeOf(error) !== 'AccessDenied') throw error;
      throw (await this.#client.refusal(this.#bucket, this.#region)) ?? error;
    }
  }
}
