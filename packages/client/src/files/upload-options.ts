import type { RequestOf } from '../http/routes.ts';

export interface UploadOptions {
  readonly fileName: string;
  /** A media type. Default: that of the content, or `application/octet-stream`. */
  readonly contentType?: string;
  /** The participants of a conversation may read the file. */
  readonly conversationId?: string;
  readonly isEncrypted?: boolean;
  /** SHA-256 in hexadecimal, which the server compares. */
  readonly checksumSha256?: string;
  /**
   * An upload in parts of the same content under the same key goes on where it was, also after a
   * reload. A different size, name, type, conversation or checksum begins anew.
   */
  readonly resumeKey?: string;
  readonly onProgress?: (sentBytes: number, totalBytes: number) => void;
  readonly signal?: AbortSignal;
}

/** What the server is told before the bytes. */
export function announcementOf(
  content: Blob,
  options: UploadOptions,
): RequestOf<'POST /v1/storage/upload-url'>['body'] {
  const { checksumSha256, contentType, conversationId, fileName, isEncrypted } = options;
  return {
    file_name: fileName,
    file_size: content.size,
    content_type: contentType ?? (content.type || 'application/octet-stream'),
    ...(isEncrypted === undefined ? {} : { is_encrypted: isEncrypted }),
    ...(conversationId === undefined ? {} : { conversation_id: conversationId }),
    ...(checksumSha256 === undefined ? {} : { checksum_sha256: checksumSha256 }),
  };
}
