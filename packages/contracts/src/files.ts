import { z } from 'zod';
import { Cursor, Limit, pageEnd } from './page.ts';
import { Timestamp, text, Uuid } from './primitives.ts';

/** Maximum size of a file without parts: 50 MiB, in bytes. */
export const FILE_MAX_BYTES = 52_428_800;

/** A name of 1 to 255 characters that cannot be mistaken for a path. */
export const FileName = text(1, 255)
  .regex(/^[^/\\\p{Cc}]*$/u, 'must not contain path separators or control characters')
  .refine((name) => name !== '.' && name !== '..', 'expected a name, not a directory')
  .meta({ examples: ['notes.pdf'] });

const mediaTypePattern =
  /^[\w!#$&^.+-]{1,63}\/[\w!#$&^.+-]{1,63}(?: *; *[\w!#$&^.+-]{1,63}=(?:[\w!#$&^.+-]{1,63}|"[\w !#$&^.+/-]{0,63}"))*$/;

/** A media type (RFC 6838) of at most 127 characters, with or without parameters. */
export const ContentType = z
  .string()
  .max(127, { abort: true })
  .regex(mediaTypePattern, 'expected a media type such as image/png')
  .meta({ examples: ['application/pdf'] });

/** The SHA-256 of a file, in hexadecimal. */
const Sha256 = z
  .string()
  .regex(/^[0-9a-fA-F]{64}$/, 'expected 64 hexadecimal digits')
  .toLowerCase();

/** The common fields of the ways to begin an upload. */
export const newFile = {
  file_name: FileName,
  content_type: ContentType,
  is_encrypted: z.boolean().default(false),
  conversation_id: Uuid.exactOptional(),
  checksum_sha256: Sha256.exactOptional(),
};

/** Body of `POST /v1/storage/upload-url`; `file_size` in bytes, 0 for an empty file. */
export const NewUpload = z.object({
  ...newFile,
  file_size: z
    .int()
    .min(0)
    .max(FILE_MAX_BYTES)
    .meta({ examples: [48_213] }),
});
export type NewUpload = z.infer<typeof NewUpload>;

/** A signed address of the bytes of a file. */
export const ObjectUrl = z.string().meta({
  examples: [
    'https://chat.example.com/v1/storage/objects/3f0c9a52-8d1e-4b7a-9c36-5e2f71d804ab?expires=1769862600&signature=x',
  ],
});

/** Where and how to send the bytes, until `expires_at`. */
export const UploadTarget = z
  .object({
    file_id: Uuid,
    upload_url: ObjectUrl,
    method: z.literal('PUT'),
    headers: z.record(z.string(), z.string()),
    expires_at: Timestamp,
  })
  .meta({ id: 'UploadTarget' });
export type UploadTarget = z.infer<typeof UploadTarget>;

/** Body of `POST /v1/storage/upload-complete`. */
export const UploadCompletion = z.object({
  file_id: Uuid,
  checksum_sha256: Sha256.exactOptional(),
});
export type UploadCompletion = z.infer<typeof UploadCompletion>;

export const StoredFile = z
  .object({
    file_id: Uuid,
    file_name: z.string().meta({ examples: ['notes.pdf'] }),
    file_size: z
      .int()
      .min(0)
      .meta({ examples: [48_213] }),
    content_type: z.string().meta({ examples: ['application/pdf'] }),
    status: z.enum(['pending', 'uploaded', 'deleted']),
    created_at: Timestamp,
  })
  .meta({ id: 'File' });
export type StoredFile = z.infer<typeof StoredFile>;

/** Reply of `GET /v1/storage/download-url/:file_id`. */
export const DownloadTarget = z.object({ download_url: ObjectUrl, expires_at: Timestamp });
export type DownloadTarget = z.infer<typeof DownloadTarget>;

/** Query of `GET /v1/storage/files`. */
export const FilesQuery = z.object({
  limit: Limit,
  cursor: Cursor,
  conversation_id: Uuid.exactOptional(),
});
export type FilesQuery = z.infer<typeof FilesQuery>;

/** Reply of `GET /v1/storage/files`. */
export const FilePage = z.object({ files: z.array(StoredFile), ...pageEnd });
export type FilePage = z.infer<typeof FilePage>;

/** Reply of `GET /v1/storage/quota`, in bytes. */
export const Quota = z.object({
  used: z
    .int()
    .min(0)
    .meta({ examples: [268_435_456] }),
  total: z
    .int()
    .min(0)
    .meta({ examples: [1_073_741_824] }),
  available: z
    .int()
    .min(0)
    .meta({ examples: [805_306_368] }),
  usage_percentage: z
    .number()
    .min(0)
    .meta({ examples: [25] }),
});
export type Quota = z.infer<typeof Quota>;

/** Path parameters of `/v1/storage/files/:file_id` and of download-url. */
export const FileParams = z.object({ file_id: Uuid });
export type FileParams = z.infer<typeof FileParams>;
