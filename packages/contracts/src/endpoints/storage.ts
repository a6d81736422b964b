import { z } from 'zod';
import { DataExportQuery } from '../data-export.ts';
import { endpoint } from '../endpoint.ts';
import { FILE_SHARES_MAX, FileShare, FileShares, NewFileShare } from '../file-shares.ts';
import {
  DownloadTarget,
  FilePage,
  FilesQuery,
  NewUpload,
  Quota,
  StoredFile,
  UploadCompletion,
  UploadTarget,
} from '../files.ts';
import {
  MultipartTarget,
  NewMultipartUpload,
  PartRequest,
  PartTarget,
  ReceivedParts,
} from '../multipart-uploads.ts';

/** The two ways to begin an upload share a budget. */
const newUploadLimit = { bucket: 'upload-url', perMinute: 20, countedBy: 'user' } as const;

/**
 * The limit of transfers of bytes. The signature of the URL replaces a token and names no user, so
 * these requests have their own bucket, large enough for an office that views pictures.
 */
const objectsLimit = { bucket: 'objects', perMinute: 600, countedBy: 'address' } as const;

/**
 * The query of a signed URL. All fields are optional here, because a URL without one of them is
 * FORBIDDEN, like any other tampering.
 */
const SignedQuery = z.object({
  expires: z.string().max(16).default(''),
  length: z.string().max(16).default(''),
  type: z.string().max(127).default(''),
  signature: z.string().max(64).default(''),
});
export type SignedQuery = z.infer<typeof SignedQuery>;

/** The reply to a PUT of bytes. */
const storedReply = {
  200: { description: 'The bytes are stored. ETag is their SHA-256 in hexadecimal. No body.' },
} as const;

export const createUploadUrl = endpoint({
  route: 'POST /v1/storage/upload-url',
  id: 'createUploadUrl',
  action: 'storage/upload-url',
  tag: 'Uploads',
  summary: 'Reserve space for a file and get the URL to PUT its bytes to',
  description:
    'The URL is valid for 15 minutes; the reservation for an hour. Call upload-complete after the PUT.',
  auth: 'bearer',
  body: NewUpload,
  reply: UploadTarget,
  errors: ['FORBIDDEN', 'NOT_FOUND'],
  limit: newUploadLimit,
});

export const completeUpload = endpoint({
  route: 'POST /v1/storage/upload-complete',
  id: 'completeUpload',
  action: 'storage/upload-complete',
  tag: 'Uploads',
  summary: 'Complete an upload after all bytes are sent (idempotent)',
  description:
    'The file can be downloaded when its status is uploaded. If files are scanned, the status may stay pending until the scan ends: repeat the request to learn the result.',
  auth: 'bearer',
  body: UploadCompletion,
  reply: StoredFile,
  errors: ['NOT_FOUND', 'CONFLICT'],
});

export const beginMultipartUpload = endpoint({
  route: 'POST /v1/storage/multipart',
  id: 'beginMultipartUpload',
  action: 'storage/multipart',
  tag: 'Uploads',
  summary: 'Reserve space for a large file that is sent in parts',
  description:
    'Get a URL for each part from part-url, PUT the parts in any order, then call upload-complete. The reservation is valid for 24 hours.',
  auth: 'bearer',
  body: NewMultipartUpload,
  reply: MultipartTarget,
  errors: ['FORBIDDEN', 'NOT_FOUND'],
  limit: newUploadLimit,
});

export const listParts = endpoint({
  route: 'GET /v1/storage/multipart/:file_id/parts',
  id: 'listParts',
  action: 'storage/multipart/parts',
  tag: 'Uploads',
  summary: 'List the parts that have arrived',
  description: 'To resume an upload, send the parts that are missing.',
  auth: 'bearer',
  reply: ReceivedParts,
  errors: ['NOT_FOUND', 'CONFLICT'],
});

export const createPartUrl = endpoint({
  route: 'POST /v1/storage/multipart/:file_id/part-url',
  id: 'createPartUrl',
  action: 'storage/multipart/part-url',
  tag: 'Uploads',
  summary: 'Get the URL to PUT one part to',
  description:
    'The URL is valid for 15 minutes. A part that is sent again replaces the earlier one.',
  auth: 'bearer',
  body: PartRequest,
  reply: PartTarget,
  errors: ['NOT_FOUND', 'CONFLICT'],
});

export const abortMultipartUpload = endpoint({
  route: 'DELETE /v1/storage/multipart/:file_id',
  id: 'abortMultipartUpload',
  action: 'delete storage/multipart',
  tag: 'Uploads',
  summary: 'Abort an upload in parts and free its space (idempotent)',
  description:
    'Parts that have arrived are removed. Refused with CONFLICT if the upload is complete; then delete the file.',
  auth: 'bearer',
  reply: StoredFile,
  errors: ['NOT_FOUND', 'CONFLICT'],
});

export const uploadFile = endpoint({
  route: 'PUT /v1/storage/objects/:file_id',
  id: 'uploadFile',
  action: 'upload storage/objects',
  tag: 'Objects',
  summary: 'Send the bytes of a file to the URL from upload-url',
  description:
    'The signed query of the URL authorizes the request. The body has exactly the announced size and Content-Type; until upload-complete, a further PUT replaces the bytes.',
  auth: 'none',
  query: SignedQuery,
  rawBody: { description: 'The bytes of the file.', mediaType: '*/*' },
  otherReplies: storedReply,
  errors: ['FORBIDDEN', 'NOT_FOUND', 'CONFLICT', 'PAYLOAD_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE'],
  limit: objectsLimit,
});

export const downloadFile = endpoint({
  route: 'GET /v1/storage/objects/:file_id',
  id: 'downloadFile',
  action: 'storage/objects',
  tag: 'Objects',
  summary: 'Download a file, or a range of it, from the URL from download-url',
  description:
    'The signed query of the URL authorizes the request. Supports HEAD, Range, If-Range and If-None-Match; ETag is the SHA-256 of the file.',
  auth: 'none',
  query: SignedQuery,
  otherReplies: {
    200: {
      description: 'The bytes of the file, with the Content-Type of its upload.',
      mediaType: '*/*',
    },
    206: { description: 'The range that Content-Range names.', mediaType: '*/*' },
    304: { description: 'If-None-Match names the current bytes. No body.' },
    416: { description: 'The range is outside the file; Content-Range has its size. No body.' },
  },
  errors: ['FORBIDDEN', 'NOT_FOUND'],
  limit: objectsLimit,
});

export const uploadPart = endpoint({
  route: 'PUT /v1/storage/objects/:file_id/parts/:part_number',
  id: 'uploadPart',
  action: 'upload storage/objects/parts',
  tag: 'Objects',
  summary: 'Send the bytes of one part to the URL from part-url',
  description:
    'The signed query of the URL authorizes the request. The body has exactly the size of the part, and the Content-Type is application/octet-stream.',
  auth: 'none',
  query: SignedQuery,
  rawBody: { description: 'The bytes of the part.', mediaType: 'application/octet-stream' },
  otherReplies: storedReply,
  errors: ['FORBIDDEN', 'NOT_FOUND', 'CONFLICT', 'PAYLOAD_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE'],
  limit: objectsLimit,
});

export const getDownloadUrl = endpoint({
  route: 'GET /v1/storage/download-url/:file_id',
  id: 'getDownloadUrl',
  action: 'storage/download-url',
  tag: 'Files',
  summary: 'Get a URL, valid for an hour, to download a file from',
  description:
    'For the owner, and for participants of conversations that the file was shared or forwarded to.',
  auth: 'bearer',
  reply: DownloadTarget,
  errors: ['NOT_FOUND', 'CONFLICT'],
});

export const listFiles = endpoint({
  route: 'GET /v1/storage/files',
  id: 'listFiles',
  action: 'storage/files',
  tag: 'Files',
  summary: 'List your own files, newest first',
  description:
    'Includes uploads in progress, whose status is pending. `conversation_id` selects files that were uploaded for or shared with a conversation.',
  auth: 'bearer',
  query: FilesQuery,
  reply: FilePage,
  errors: [],
});

export const deleteFile = endpoint({
  route: 'DELETE /v1/storage/files/:file_id',
  id: 'deleteFile',
  action: 'delete storage/files',
  tag: 'Files',
  summary: 'Delete a file and free its space (idempotent)',
  description:
    'A deleted file cannot be restored. Nobody gets a URL to download it any more, whoever it was shared with.',
  auth: 'bearer',
  reply: StoredFile,
  errors: ['NOT_FOUND'],
});

export const shareFile = endpoint({
  route: 'POST /v1/storage/files/:file_id/share',
  id: 'shareFile',
  action: 'share storage/files',
  tag: 'Sharing',
  summary: 'Share your file with the participants of a conversation (idempotent)',
  description: `A file can be shared to at most ${FILE_SHARES_MAX} conversations.`,
  auth: 'bearer',
  body: NewFileShare,
  reply: FileShare,
  errors: ['FORBIDDEN', 'NOT_FOUND', 'CONFLICT'],
});

export const listFileShares = endpoint({
  route: 'GET /v1/storage/files/:file_id/share',
  id: 'listFileShares',
  action: 'storage/files/share',
  tag: 'Sharing',
  summary: 'List the conversations whose participants can download your file',
  description:
    'Includes the conversation that it was uploaded for and those that it was forwarded to, except where you have unshared it. At most 1,000.',
  auth: 'bearer',
  reply: FileShares,
  errors: ['NOT_FOUND'],
});

export const unshareFile = endpoint({
  route: 'DELETE /v1/storage/files/:file_id/share/:conversation_id',
  id: 'unshareFile',
  action: 'unshare storage/files',
  tag: 'Sharing',
  summary: 'Stop sharing your file with a conversation (idempotent)',
  description: 'This also applies where other users forwarded the file to it.',
  auth: 'bearer',
  reply: FileShare,
  errors: ['NOT_FOUND'],
});

export const getStorageQuota = endpoint({
  route: 'GET /v1/storage/quota',
  id: 'getStorageQuota',
  action: 'storage/quota',
  tag: 'Files',
  summary: 'Get the space that your files use and that is left for new ones',
  description: 'Uploads in progress count against what is available, and not as used.',
  auth: 'bearer',
  reply: Quota,
  errors: [],
});

export const downloadExport = endpoint({
  route: 'GET /v1/storage/exports/:export_id',
  id: 'downloadExport',
  action: 'downloading an export',
  tag: 'Account',
  summary: 'Download the archive of an export, from the link for it',
  description:
    'The token of the link authorizes the request. The archive has the JSON of each service, the files, and manifest.json with the size and SHA-256 of all entries. If the connection ends early, the archive is incomplete: download it again.',
  auth: 'none',
  query: DataExportQuery,
  otherReplies: {
    200: { description: 'A ZIP archive.', mediaType: 'application/zip' },
  },
  errors: ['FORBIDDEN'],
  limit: { bucket: 'export-archive', perMinute: 10, countedBy: 'address' },
});
