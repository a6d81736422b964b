import { ApiError } from '@secureconnect/service';
import { sameMediaType } from '../http/media-type.ts';
import type { S3Store, StoredObject } from '../objects/s3/s3-store.ts';
import type { FileRow } from '../stores/file-row.ts';
import { notArrived } from './part-plan.ts';

/** The error for an object that differs from the announced file; undefined if it does not. */
export function mismatchOf(file: FileRow, found: StoredObject): ApiError | undefined {
  if (found.sizeBytes !== file.sizeBytes) {
    return refused('file_size', `expected ${file.sizeBytes} bytes; ${found.sizeBytes} arrived`);
  }
  if (!sameMediaType(found.contentType, file.contentType)) {
    return refused('content_type', `expected the header Content-Type: ${file.contentType}`);
  }
  return undefined;
}

function refused(field: string, message: string): ApiError {
  return new ApiError(
    'VALIDATION_ERROR',
    'The uploaded bytes are not what was announced; PUT them again.',
    {
      details: [{ field, message }],
    },
  );
}

/** The SHA-256 of an object that is as announced. Throws the error of `mismatchOf`, or CONFLICT. */
export async function measureObject(
  objects: S3Store,
  file: FileRow,
  objectId: string,
): Promise<string> {
  const found = await objects.describe(objectId);
  if (found === undefined) throw notArrived();
  const wrong = mismatchOf(file, found);
  if (wrong !== undefined) throw wrong;
  const sha256 = await objects.hash(objectId, file.sizeBytes);
  if (sha256 === undefined) throw notArrived();
  return sha256;
}
