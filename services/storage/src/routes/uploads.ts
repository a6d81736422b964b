import { randomUUID } from 'node:crypto';
import { NewUpload, StoredFile, UploadCompletion, UploadTarget } from '@secureconnect/contracts';
import { ApiError } from '@secureconnect/service';
import type { StorageContext } from '../context.ts';
import type { FileRow } from '../stores/file-row.ts';
import { isMember } from '../stores/membership.ts';
import { complete, reserve, usageOf } from '../stores/quota.ts';
import { route } from './route.ts';
import { noSuchFile, ownFile, storedFile } from './stored-file.ts';

/** The 15 minutes of the URL, a PUT that began at their end, and time to say that it is done. */
const reservationMs = 60 * 60_000;

const uploadUrl = route.post(
  '/v1/storage/upload-url',
  {
    operation: 'storage/upload-url',
    summary: 'Reserve the bytes of a file and get the URL to PUT them to.',
    auth: 'bearer',
    body: NewUpload,
    reply: UploadTarget,
    whenRedisDown: {},
  },
  async ({ user, body, context }): Promise<UploadTarget> => {
    const { database, quotaBytes, urls } = context;
    const conversationId = body.conversation_id;
    if (conversationId !== undefined && !(await isMember(database, conversationId, user.userId))) {
      throw new ApiError('NOT_FOUND', 'There is no such conversation.');
    }
    const createdAtMs = context.now();
    const fileId = randomUUID();
    const file = {
      fileId,
      ownerId: user.userId,
      conversationId,
      fileName: body.file_name,
      sizeBytes: body.file_size,
      contentType: body.content_type,
      isEncrypted: body.is_encrypted,
      createdAt: new Date(createdAtMs),
      reservedUntil: new Date(createdAtMs + reservationMs),
    };
    if (!(await reserve(database, file, quotaBytes)))
      throw await quotaExceeded(context, user.userId);
    const { url, expiresAt } = urls.upload(fileId, file);
    return {
      file_id: fileId,
      upload_url: url,
      method: 'PUT',
      headers: { 'Content-Type': file.contentType },
      expires_at: expiresAt.toISOString(),
    };
  },
);

async function quotaExceeded(context: StorageContext, userId: string): Promise<ApiError> {
  const { database, quotaBytes } = context;
  const { usedBytes, reservedBytes } = await usageOf(database, userId);
  const leftBytes = Math.max(0, quotaBytes - usedBytes - reservedBytes);
  const message = `The quota of ${quotaBytes} bytes has ${leftBytes} left. Delete files, or finish uploads.`;
  return new ApiError('PAYLOAD_TOO_LARGE', message, {
    details: [{ field: 'body.file_size', message: `expected at most ${leftBytes} bytes` }],
  });
}

const uploadComplete = route.post(
  '/v1/storage/upload-complete',
  {
    operation: 'storage/upload-complete',
    summary: 'Say that the bytes were sent; the file can be downloaded from then on.',
    auth: 'bearer',
    body: UploadCompletion,
    reply: StoredFile,
    whenRedisDown: {},
  },
  async ({ user, body, context }) => {
    const file = await ownFile(context, body.file_id, user.userId);
    if (file.status === 'deleted') throw noSuchFile();
    if (file.objectId === undefined) throw notArrived();
    checkSum(file, body.checksum_sha256);
    if (file.status === 'uploaded') return storedFile(file);
    const sizeBytes = await context.objects.sizeOf(file.objectId);
    if (sizeBytes !== file.sizeBytes) throw notArrived();
    const completed = await complete(context.database, file.fileId, file.objectId);
    return storedFile(completed ?? (await completedMeanwhile(context, file)));
  },
);

function notArrived(): ApiError {
  return new ApiError('CONFLICT', 'The bytes have not arrived. PUT them to upload_url first.');
}

function checkSum(file: FileRow, checksum: string | undefined): void {
  if (checksum === undefined || checksum === file.sha256) return;
  const message = 'The checksum is not that of the bytes that arrived. Send them again.';
  throw new ApiError('VALIDATION_ERROR', message, {
    details: [
      { field: 'body.checksum_sha256', message: 'expected that of the bytes that arrived' },
    ],
  });
}

/** Another request was quicker: one that said the same, one that sent new bytes, or a DELETE. */
async function completedMeanwhile(context: StorageContext, seen: FileRow): Promise<FileRow> {
  const file = await ownFile(context, seen.fileId, seen.ownerId);
  if (file.status === 'deleted') throw noSuchFile();
  if (file.status === 'uploaded' && file.objectId === seen.objectId) return file;
  throw new ApiError('CONFLICT', 'The bytes are being replaced. Say again when that is done.');
}

export const uploadRoutes = [uploadUrl, uploadComplete];
