import { ApiError } from '@secureconnect/service';
import { uploadSeconds } from '../lifetimes.ts';
import type { FileRow } from '../stores/file-row.ts';
import { setUploadId } from '../stores/files.ts';
import type { ArrivedObject } from '../stores/quota.ts';
import type { DirectTransfersOptions } from './direct-transfers-options.ts';
import { measureObject } from './measure-object.ts';
import { notArrived, partPlan, requireEveryPart } from './part-plan.ts';
import type { PartPlan, PartTransfers, ReceivedPart, Upload, UploadTo } from './transfers.ts';

/**
 * Parts that clients send to an S3. The joined object has the id of the file. Once they are joined,
 * the URLs of the parts have no effect.
 */
export class DirectParts implements PartTransfers {
  readonly #options: DirectTransfersOptions;

  constructor(options: DirectTransfersOptions) {
    this.#options = options;
  }

  async begin({ fileId, contentType }: Upload): Promise<void> {
    const { database, parts } = this.#options;
    await setUploadId(database, fileId, await parts.begin(fileId, contentType));
  }

  async uploadUrl(file: FileRow, { partNumber }: PartPlan): Promise<UploadTo> {
    const part = { uploadId: uploadIdOf(file), partNumber };
    const url = await this.#options.links.part(file.fileId, part, uploadSeconds);
    return { ...url, headers: {} };
  }

  async received(file: FileRow): Promise<readonly ReceivedPart[]> {
    const listed = await this.#options.parts.list(file.fileId, uploadIdOf(file));
    return (listed ?? []).map(({ part, size, etag }) => ({
      partNumber: part,
      sizeBytes: size,
      etag,
    }));
  }

  /** Joins the parts, if that is not yet done, and measures the object. */
  async join(file: FileRow): Promise<ArrivedObject> {
    const { objects, parts } = this.#options;
    const { fileId } = file;
    const uploadId = uploadIdOf(file);
    const listed = await parts.list(fileId, uploadId);
    if (listed !== undefined) {
      requireEveryPart(
        partPlan(file),
        listed.map(({ part, size }) => ({ partNumber: part, sizeBytes: size })),
      );
      if (!(await parts.join(fileId, uploadId, listed))) {
        throw new ApiError('CONFLICT', 'A part is being replaced; retry when that has finished.');
      }
    }
    return { objectId: fileId, sha256: await measureObject(objects, file, fileId) };
  }
}

function uploadIdOf({ uploadId }: FileRow): string {
  // The process ended or the store went down before the upload began.
  if (uploadId === undefined) throw notArrived();
  return uploadId;
}
