import {
  type MultipartTarget,
  PART_BYTES,
  type PartTarget,
  type ReceivedParts,
} from '@secureconnect/contracts';
import { storage } from '@secureconnect/contracts/endpoints';
import { ApiError } from '@secureconnect/service';
import type { StorageContext } from '../context.ts';
import { multipartReservationMs } from '../lifetimes.ts';
import type { FileRow } from '../stores/file-row.ts';
import { retire } from '../stores/quota.ts';
import { partPlan } from '../transfers/part-plan.ts';
import { beginUpload } from '../uploads/begin-upload.ts';
import { deleteFile } from '../uploads/delete-file.ts';
import { route } from './route.ts';
import { noSuchFile, ownFile, storedFile } from './stored-file.ts';
import { uploadTarget } from './upload-target.ts';

const begin = route(
  storage.beginMultipartUpload,
  {},
  async ({ user, body, context }): Promise<MultipartTarget> => {
    const { database, transfers, multipartMaxBytes } = context;
    if (body.file_size > multipartMaxBytes) throw tooLarge(multipartMaxBytes);
    const plan = { reservedMs: multipartReservationMs, partBytes: PART_BYTES };
    const file = await beginUpload(context, user.userId, body, plan);
    try {
      await transfers.parts.begin(file);
    } catch (error) {
      await retire(database, file.fileId, ['pending'], new Date(context.now()));
      throw error;
    }
    return {
      file_id: file.fileId,
      part_size: PART_BYTES,
      part_count: partPlan(file).length,
      expires_at: file.reservedUntil.toISOString(),
    };
  },
);

function tooLarge(maxBytes: number): ApiError {
  return new ApiError(
    'PAYLOAD_TOO_LARGE',
    `The file is too large; the maximum is ${maxBytes} bytes.`,
    {
      details: [{ field: 'body.file_size', message: `expected at most ${maxBytes} bytes` }],
    },
  );
}

const parts = route(
  storage.listParts,
  {},
  async ({ user, params, context }): Promise<ReceivedParts> => {
    const file = await pendingParts(context, params.file_id, user.userId);
    const received = await context.transfers.parts.received(file);
    return {
      parts: received.map(({ partNumber, sizeBytes, etag }) => ({
        part_number: partNumber,
        size: sizeBytes,
        etag,
      })),
    };
  },
);

const partUrl = route(
  storage.createPartUrl,
  {},
  async ({ user, params, body, context }): Promise<PartTarget> => {
    const file = await pendingParts(context, params.file_id, user.userId);
    context.objects.refuseWhileAway();
    const plan = partPlan(file);
    const part = plan[body.part_number - 1];
    if (part === undefined) {
      const details = [{ field: 'body.part_number', message: `expected 1 to ${plan.length}` }];
      throw new ApiError(
        'VALIDATION_ERROR',
        `This file has no such part; it has ${plan.length} parts.`,
        { details },
      );
    }
    return uploadTarget(await context.transfers.parts.uploadUrl(file, part));
  },
);

const abort = route(storage.abortMultipartUpload, {}, async ({ user, params, context, log }) => {
  const file = await ownFile(context, params.file_id, user.userId);
  if (file.partBytes === undefined) throw noSuchFile();
  if (file.status !== 'deleted') {
    const deleted = await deleteFile(context, file.fileId, ['pending'], log);
    if (deleted === undefined) throw alreadyComplete();
  }
  return storedFile({ ...file, status: 'deleted' });
});

/** A user's own pending upload in parts. Throws NOT_FOUND or CONFLICT. */
async function pendingParts(
  context: StorageContext,
  fileId: string,
  userId: string,
): Promise<FileRow> {
  const file = await ownFile(context, fileId, userId);
  if (file.partBytes === undefined || file.status === 'deleted') throw noSuchFile();
  if (file.status !== 'pending') throw alreadyComplete();
  return file;
}

function alreadyComplete(): ApiError {
  return new ApiError('CONFLICT', 'This upload is already complete.');
}

export const multipartRoutes = {
  beginMultipartUpload: begin,
  listParts: parts,
  createPartUrl: partUrl,
  abortMultipartUpload: abort,
};
