import { randomUUID } from 'node:crypto';
import { ApiError, type Logger } from '@secureconnect/service';
import type { FilesContext } from '../context.ts';
import { wrongLength } from '../http/upload-body.ts';
import { type Bytes, type ServedStore, SizeMismatch } from '../objects/object-store.ts';
import type { AllowedUpload } from '../signed-urls.ts';
import type { FileStatus } from '../stores/file-row.ts';
import { announceObjectOf } from '../stores/unattached-objects.ts';
import { releaseObject } from './release-object.ts';

/** A request body, and where to store it. */
export interface ReceivedBody {
  readonly objects: ServedStore;
  readonly body: Bytes;
  readonly allowed: AllowedUpload;
}

/** Throws NOT_FOUND if this service does not transfer bytes itself. */
export function requireServed<Part>(part: Part | undefined): Part {
  if (part !== undefined) return part;
  throw new ApiError(
    'NOT_FOUND',
    'The object store serves the bytes; use the URLs from upload-url and download-url.',
  );
}

/** Throws NOT_FOUND or CONFLICT if a file is not pending. */
function requirePending(status: FileStatus | undefined): void {
  if (status === undefined || status === 'deleted') {
    throw new ApiError('NOT_FOUND', 'There is no such file.');
  }
  if (status !== 'pending') throw alreadyComplete();
}

/** The error for bytes that arrive after completion. */
export function alreadyComplete(): ApiError {
  return new ApiError(
    'CONFLICT',
    'This upload is complete; to replace its bytes, upload a new file.',
  );
}

/**
 * Stores a body for a pending file as a new object, which does not yet belong to the file. Throws,
 * and stores nothing, if the file is not pending or the length is wrong.
 */
export async function keepBody(
  context: FilesContext,
  fileId: string,
  { objects, body, allowed }: ReceivedBody,
  log: Logger,
): Promise<{ objectId: string; sha256: string }> {
  const objectId = randomUUID();
  const now = new Date(context.now());
  requirePending(await announceObjectOf(context.database, fileId, objectId, now));
  try {
    const { sha256 } = await objects.write(objectId, body, allowed.sizeBytes);
    return { objectId, sha256 };
  } catch (error) {
    await releaseObject(context, objectId, log);
    throw error instanceof SizeMismatch ? wrongLength(error.found, allowed) : error;
  }
}
