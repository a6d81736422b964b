/** A row of storage.files. */
export interface FileRow {
  readonly fileId: string;
  readonly ownerId: string;
  /** The conversation that the file was uploaded to. */
  readonly conversationId: string | undefined;
  readonly fileName: string;
  readonly sizeBytes: number;
  readonly contentType: string;
  readonly isEncrypted: boolean;
  readonly status: FileStatus;
  /** The SHA-256 that the client announced, in hexadecimal. */
  readonly announcedSha256: string | undefined;
  /** The size of each part except the last one, for an upload in parts. */
  readonly partBytes: number | undefined;
  /** The id of the upload in parts in an S3. */
  readonly uploadId: string | undefined;
  /** How often uploaded bytes were refused. */
  readonly generation: number;
  /** The object with the bytes, once this service has them. */
  readonly objectId: string | undefined;
  /** The SHA-256 of these bytes, in hexadecimal. */
  readonly sha256: string | undefined;
  readonly createdAt: Date;
}

/**
 * A `pending` file holds a reservation of quota. So does a `quarantined` one, whose bytes are
 * complete but not yet known to be clean. An `uploaded` file uses quota; `deleted` is a tombstone.
 */
export type FileStatus = 'pending' | 'quarantined' | 'uploaded' | 'deleted';

export const fileColumns = `file_id, owner_id, conversation_id, file_name, file_size, content_type,
  is_encrypted, status, announced_sha256, part_bytes, upload_id, generation,
  object_id, sha256, created_at`;

/** A row from the driver, which returns BIGINT as text. */
export interface RawFileRow {
  readonly file_id: string;
  readonly owner_id: string;
  readonly conversation_id: string | null;
  readonly file_name: string;
  readonly file_size: string;
  readonly content_type: string;
  readonly is_encrypted: boolean;
  readonly status: FileStatus;
  readonly announced_sha256: string | null;
  readonly part_bytes: string | null;
  readonly upload_id: string | null;
  readonly generation: number;
  readonly object_id: string | null;
  readonly sha256: string | null;
  readonly created_at: Date;
}

export function fileRow(row: RawFileRow): FileRow {
  return {
    fileId: row.file_id,
    ownerId: row.owner_id,
    conversationId: row.conversation_id ?? undefined,
    fileName: row.file_name,
    sizeBytes: Number(row.file_size),
    contentType: row.content_type,
    isEncrypted: row.is_encrypted,
    status: row.status,
    announcedSha256: row.announced_sha256 ?? undefined,
    partBytes: row.part_bytes === null ? undefined : Number(row.part_bytes),
    uploadId: row.upload_id ?? undefined,
    generation: row.generation,
    objectId: row.object_id ?? undefined,
    sha256: row.sha256 ?? undefined,
    createdAt: row.created_at,
  };
}
