/** A row of storage.files. */
export interface FileRow {
  readonly fileId: string;
  readonly ownerId: string;
  /** The conversation that the file is shared to. */
  readonly conversationId: string | undefined;
  readonly fileName: string;
  readonly sizeBytes: number;
  readonly contentType: string;
  readonly isEncrypted: boolean;
  readonly status: FileStatus;
  /** What its bytes must be, in hexadecimal, where the client has said so. */
  readonly announcedSha256: string | undefined;
  /** Of each part but the last, where the file comes in parts. */
  readonly partBytes: number | undefined;
  /** How an S3 calls the upload in parts. */
  readonly uploadId: string | undefined;
  /** How often what had arrived was refused. */
  readonly generation: number;
  /** Where the bytes are, once this service has them in its keeping. */
  readonly objectId: string | undefined;
  /** Of these bytes, in hexadecimal. */
  readonly sha256: string | undefined;
  readonly createdAt: Date;
}

/**
 * `pending` holds a reservation of the quota; so does `quarantined`, whose bytes are whole and not
 * yet known to be clean. `uploaded` uses it, `deleted` is a tombstone.
 */
export type FileStatus = 'pending' | 'quarantined' | 'uploaded' | 'deleted';

export const fileColumns = `file_id, owner_id, conversation_id, file_name, file_size, content_type,
  is_encrypted, status, announced_sha256, part_bytes, upload_id, generation,
  object_id, sha256, created_at`;

/** A row as the driver gives it; a BIGINT comes as text. */
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
