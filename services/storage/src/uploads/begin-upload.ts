import { randomUUID } from 'node:crypto';
import type { NewUpload } from '@secureconnect/contracts';
import { ApiError } from '@secureconnect/service';
import type { FilesContext } from '../context.ts';
import { unattachedMs } from '../lifetimes.ts';
import { requireReach } from '../require-reach.ts';
import { type NewFile, reserve, usageOf } from '../stores/quota.ts';

/** How a file will be uploaded. */
export interface UploadPlan {
  /** How long its bytes stay reserved. */
  readonly reservedMs: number;
  /** The size of each part except the last one; undefined for an upload without parts. */
  readonly partBytes: number | undefined;
}

/**
 * Creates a pending file and reserves its bytes.
 * @throws ApiError NOT_FOUND if the user is not in the conversation, FORBIDDEN if a block forbids it,
 * PAYLOAD_TOO_LARGE if the quota has no room.
 */
export async function beginUpload(
  context: FilesContext,
  ownerId: string,
  asked: NewUpload,
  { reservedMs, partBytes }: UploadPlan,
): Promise<NewFile> {
  const { database, quotaBytes, transfers } = context;
  const conversationId = asked.conversation_id;
  if (conversationId !== undefined) await requireReach(database, conversationId, ownerId);
  const createdAtMs = context.now();
  const reservedUntilMs = createdAtMs + reservedMs;
  const file: NewFile = {
    fileId: randomUUID(),
    ownerId,
    conversationId,
    fileName: asked.file_name,
    sizeBytes: asked.file_size,
    contentType: asked.content_type,
    isEncrypted: asked.is_encrypted,
    announcedSha256: asked.checksum_sha256,
    partBytes,
    createdAt: new Date(createdAtMs),
    reservedUntil: new Date(reservedUntilMs),
    // The sweep removes the object when the reservation has ended.
    ownObjectUntil: transfers.clientsWriteObjects
      ? new Date(reservedUntilMs - unattachedMs)
      : undefined,
  };
  if (!(await reserve(database, file, quotaBytes))) throw await quotaExceeded(context, ownerId);
  return file;
}

async function quotaExceeded(context: FilesContext, userId: string): Promise<ApiError> {
  const { database, quotaBytes } = context;
  const { usedBytes, reservedBytes } = await usageOf(database, userId);
  const leftBytes = Math.max(0, quotaBytes - usedBytes - reservedBytes);
  const message = `Quota exceeded: ${leftBytes} of ${quotaBytes} bytes are left; delete files or abort uploads.`;
  return new ApiError('PAYLOAD_TOO_LARGE', message, {
    details: [{ field: 'body.file_size', message: `expected at most ${leftBytes} bytes` }],
  });
}
