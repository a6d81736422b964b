/** A row of storage.files. */
export interface FileRow {
  readonly fileId: string;
  readonly ownerId: string;
  /** The conversation that the file is shared to. */
  readonly conversationId: string | undefined;
  readonly fileName: string;
  readonly sizeBytes: number;
  readonly contentType: string;
  readonly status: FileStatus;
  /** Where the bytes are, once some have arrived. */
  readonly objectId: string | undefined;
  /** Of these bytes, in hexadecimal. */
  readonly sha256: string | undefined;
  readonly createdAt: Date;
}

/** `pending` holds a reservation of the quota, `uploaded` uses it, `deleted` is a tombstone. */
export type FileStatus = 'pending' | 'uploaded' | 'deleted';

export const fileColumns = `file_id, owner_id, conversation_id, file_name, file_size, content_type,
  status, object_id, sha256, created_at`;

/** A row as the driver gives it; a BIGINT comes as text. */
export interface RawFileRow {
  readonly file_id: string;
  readonly owner_id: string;
  readonly conversation_id: string | null;
  readonly file_name: string;
  readonly file_size: string;
  readonly content_type: string;
  readonly status: FileStatus;
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
    status: row.status,
    objectId: row.object_id ?? undefined,
    sha256: row.sha256 ?? undefined,
    createdAt: row.created_at,
  };
}
