import { z } from 'zod';
import { newFile, ObjectUrl } from './files.ts';
import { Timestamp, Uuid } from './primitives.ts';

/** 5 GiB, in bytes: the maximum object that every S3 can copy and verify as a whole. */
export const MULTIPART_FILE_MAX_BYTES = 5 * 1024 ** 3;

/** 16 MiB, in bytes: the size of every part except the last one. The minimum of S3 is 5 MiB. */
export const PART_BYTES = 16 * 1024 ** 2;

/** Number of parts of the largest file. */
export const PART_COUNT_MAX = Math.ceil(MULTIPART_FILE_MAX_BYTES / PART_BYTES);

/** Body of `POST /v1/storage/multipart`; `file_size` in bytes, at least 1: see NewUpload. */
export const NewMultipartUpload = z.object({
  ...newFile,
  file_size: z
    .int()
    .min(1)
    .max(MULTIPART_FILE_MAX_BYTES)
    .meta({ examples: [734_003_200] }),
});
export type NewMultipartUpload = z.infer<typeof NewMultipartUpload>;

/**
 * How to send a large file: parts 1 to `part_count` of `part_size` bytes each, except the last one,
 * in any order, until `expires_at`.
 */
export const MultipartTarget = z
  .object({
    file_id: Uuid,
    part_size: z
      .int()
      .min(1)
      .meta({ examples: [PART_BYTES] }),
    part_count: z
      .int()
      .min(1)
      .meta({ examples: [44] }),
    expires_at: Timestamp,
  })
  .meta({ id: 'MultipartTarget' });
export type MultipartTarget = z.infer<typeof MultipartTarget>;

/** Body of `POST /v1/storage/multipart/:file_id/part-url`. */
export const PartRequest = z.object({
  part_number: z
    .int()
    .min(1)
    .max(PART_COUNT_MAX)
    .meta({ examples: [3] }),
});
export type PartRequest = z.infer<typeof PartRequest>;

/** The request that sends a part, valid until `expires_at`. */
export const PartTarget = z
  .object({
    upload_url: ObjectUrl,
    method: z.literal('PUT'),
    headers: z.record(z.string(), z.string()),
    expires_at: Timestamp,
  })
  .meta({ id: 'PartTarget' });
export type PartTarget = z.infer<typeof PartTarget>;

/** A part that has arrived; `size` in bytes. A part that is sent again has a new `etag`. */
export const ReceivedPart = z
  .object({
    part_number: z
      .int()
      .min(1)
      .meta({ examples: [3] }),
    size: z
      .int()
      .min(0)
      .meta({ examples: [PART_BYTES] }),
    etag: z.string().meta({ examples: ['"9b2cf535f27731c974343645a3985328"'] }),
  })
  .meta({ id: 'ReceivedPart' });
export type ReceivedPart = z.infer<typeof ReceivedPart>;

/** Reply of `GET /v1/storage/multipart/:file_id/parts`, by number. */
export const ReceivedParts = z.object({ parts: z.array(ReceivedPart) });
export type ReceivedParts = z.infer<typeof ReceivedParts>;
