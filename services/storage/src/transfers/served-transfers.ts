import { randomUUID } from 'node:crypto';
import type { Database } from '@secureconnect/postgres';
import { ApiError, type Logger } from '@secureconnect/service';
import type { ServedStore } from '../objects/object-store.ts';
import { partContentType, type SignedUrl, type SignedUrls } from '../signed-urls.ts';
import type { FileRow } from '../stores/file-row.ts';
import { detachParts, partsOf, type StoredPart } from '../stores/parts.ts';
import type { ArrivedObject } from '../stores/quota.ts';
import { announceObject } from '../stores/unattached-objects.ts';
import {
  leftToSweep,
  type OnLeft,
  releaseObject,
  releaseOrLeave,
} from '../uploads/release-object.ts';
import { notArrived, partPlan, requireEveryPart } from './part-plan.ts';
import { SingleFlight } from './single-flight.ts';
import type { PartTransfers, Transfers, Upload, UploadTo } from './transfers.ts';

export interface ServedTransfersOptions {
  readonly database: Database;
  readonly objects: ServedStore;
  readonly urls: SignedUrls;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/**
 * Transfers through this service (`/v1/storage/objects`), which measures the bytes as they pass.
 * Each PUT creates its own object, so a late one changes nothing.
 */
export class ServedTransfers implements Transfers {
  readonly clientsWriteObjects = false;
  readonly parts: PartTransfers;
  readonly #options: ServedTransfersOptions;
  readonly #joining = new SingleFlight<ArrivedObject>();

  constructor(options: ServedTransfersOptions) {
    this.#options = options;
    const { database, urls } = options;
    this.parts = {
      begin: async () => undefined,
      uploadUrl: async (file, part) => ({
        ...urls.part(file.fileId, part),
        headers: { 'Content-Type': partContentType },
      }),
      received: async ({ fileId }) =>
        (await partsOf(database, fileId)).map(({ sha256, ...part }) => ({ ...part, etag: sha256 })),
    };
  }

  async uploadUrl(upload: Upload): Promise<UploadTo> {
    const { contentType } = upload;
    const headers = { 'Content-Type': contentType };
    return { ...this.#options.urls.upload(upload.fileId, upload), headers };
  }

  async downloadUrl({ fileId }: FileRow): Promise<SignedUrl> {
    return this.#options.urls.download(fileId);
  }

  async scanUrl({ fileId }: FileRow): Promise<SignedUrl> {
    return this.#options.urls.scan(fileId);
  }

  async scanPlace({ objectId }: FileRow): Promise<string> {
    if (objectId === undefined) throw new Error('the file has no bytes to scan');
    return this.#options.objects.pathOf(objectId);
  }

  async arrived(file: FileRow, log: Logger): Promise<ArrivedObject> {
    if (file.partBytes !== undefined) {
      return this.#joining.run(`${file.fileId} ${file.generation}`, () => this.#join(file, log));
    }
    const { objectId, sha256 } = file;
    if (objectId === undefined || sha256 === undefined) throw notArrived();
    if ((await this.#options.objects.sizeOf(objectId)) !== file.sizeBytes) throw notArrived();
    return { objectId, sha256 };
  }

  async reject(file: FileRow, { objectId }: ArrivedObject, log: Logger): Promise<void> {
    await releaseObject(this.#options, objectId, log);
    await this.discard(file, leftToSweep(log));
  }

  async discard({ fileId, partBytes }: FileRow, onLeft: OnLeft): Promise<void> {
    if (partBytes === undefined) return;
    const objectIds = await detachParts(this.#options.database, fileId, this.#now());
    for (const objectId of objectIds) await releaseOrLeave(this.#options, objectId, onLeft);
  }

  #now(): Date {
    return new Date(this.#options.now());
  }

  /** Writes the parts in order into one object. */
  async #join(file: FileRow, log: Logger): Promise<ArrivedObject> {
    const { database, objects } = this.#options;
    const parts = await partsOf(database, file.fileId);
    requireEveryPart(partPlan(file), parts);
    const objectId = randomUUID();
    await announceObject(database, objectId, this.#now());
    try {
      const { sha256 } = await objects.write(objectId, this.#bytesOf(parts), file.sizeBytes);
      return { objectId, sha256 };
    } catch (error) {
      await releaseObject(this.#options, objectId, log);
      throw error;
    }
  }

  async *#bytesOf(parts: readonly StoredPart[]): AsyncGenerator<Uint8Array> {
    for (const { objectId, sizeBytes, partNumber } of parts) {
      const range = { firstByte: 0, lastByte: sizeBytes - 1 };
      const bytes = await this.#options.objects.read(objectId, range);
      if (bytes === undefined) {
        throw new ApiError(
          'CONFLICT',
          `Part ${partNumber} is being replaced; retry when that has finished.`,
        );
      }
      yield* bytes;
    }
  }
}
