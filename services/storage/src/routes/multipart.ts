import {
  type MultipartTarget,
  PART_BYTES,
  type PartTarget,
  type ReceivedParts,
} from '@secureconnect/contracts';
import { storage } from '@secureconnect/contracts/endpoints';
import { failOpen } from '@secureconnect/degraded-mode';
import { ApiError } from '@secureconnect/service';
import type { RouteContext } from '../context.ts';
import { multipartReservationMs } from '../lifetimes.ts';
import type { FileRow } from '../stores/file-row.ts';
import { retire } from '../stores/quota.ts';
import { partPlan } from '../transfers/part-plan.ts';
import { beginUpload } from '../uploads/begin-upload.ts';
import { deleteFile } from '../uploads/delete-file.ts';
import { mayNeedObjects, needsObjects, route } from './route.ts';
import { noSuchFile, ownFile, storedFile } from './stored-file.ts';
import { uploadTarget } from './upload-target.ts';

const begin = route(
  storage.beginMultipartUpload,
  needsObjects,
  async ({ user, body, context }, { objects }): Promise<MultipartTarget> => {
    const { database, multipartMaxBytes } = context;
    if (body.file_size > multipartMaxBytes) throw tooLarge(multipartMaxBytes);
    const plan = { reservedMs: multipartReservationMs, partBytes: PART_BYTES };
    const files = await objects.use();
    const file = await beginUpload({ ...context, ...files }, user.userId, body, plan);
    try {
      await files.transfers.parts.begin(file);
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
  mayNeedObjects,
  async ({ user, params, context }, { objects }): Promise<ReceivedParts> => {
    const file = await pendingParts(context, params.file_id, user.userId);
    const { transfers } = await objects.use();
    const received = await transfers.parts.received(file);
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
  mayNeedObjects,
  async ({ user, params, body, context }, { objects }): Promise<PartTarget> => {
    const file = await pendingParts(context, params.file_id, user.userId);
    const { transfers } = await objects.use();
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
    return uploadTarget(await transfers.parts.uploadUrl(file, part));
  },
);

const abort = route(
  storage.abortMultipartUpload,
  { removals: failOpen.skip() },
  async ({ user, params, context, log }, { removals }) => {
    const file = await ownFile(context, params.file_id, user.userId);
    if (file.partBytes === undefined) throw noSuchFile();
    if (file.status !== 'deleted') {
      const deleted = await deleteFile({ ...context, removals }, file.fileId, ['pending'], log);
      if (deleted === undefined) throw alreadyComplete();
    }
    return storedFile({ ...file, status: 'deleted' });
  },
);

/** A user's own pending upload in parts. Throws NOT_FOUND or CONFLICT. */
async function pendingParts(
  context: RouteContext,
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
