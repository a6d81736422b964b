import type { FileRow } from '../src/stores/file-row.ts';

/** A file of these fields, in quarantine unless they say otherwise. */
export function fileOf(fields: Partial<FileRow>): FileRow {
  return {
    fileId: 'f-1',
    ownerId: 'u-1',
    conversationId: undefined,
    fileName: 'a.txt',
    sizeBytes: 1,
    contentType: 'text/plain',
    isEncrypted: false,
    status: 'quarantined',
    announcedSha256: undefined,
    partBytes: undefined,
    uploadId: undefined,
    generation: 0,
    objectId: 'o-1',
    sha256: 'ab',
    createdAt: new Date(0),
    ...fields,
  };
}
