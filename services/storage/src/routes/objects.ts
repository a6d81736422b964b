import { randomUUID } from 'node:crypto';
import { ApiError, type Logger, replied } from '@secureconnect/service';
import type { StorageContext } from '../context.ts';
import { sendObject } from '../http/send-object.ts';
import { bodyOf, checkUploadHeaders, discardBody, wrongLength } from '../http/upload-body.ts';
import { type Bytes, SizeMismatch, type WrittenObject } from '../objects/object-store.ts';
import { releaseObject } from '../release-object.ts';
import { type AllowedUpload, SignedQuery } from '../signed-urls.ts';
import type { FileRow } from '../stores/file-row.ts';
import { findFile } from '../stores/files.ts';
import { announceObject, attachObject } from '../stores/unattached-objects.ts';
import { route } from './route.ts';
import { noSuchFile } from './stored-file.ts';

const putObject = route.put(
  '/v1/storage/objects/:file_id',
  {
    operation: 'upload storage/objects',
    summary: 'Send the bytes of a file, by the URL from upload-url.',
    auth: 'none',
    query: SignedQuery,
    whenRedisDown: {},
  },
  async ({ params, query, headers, incoming, outgoing, context, log }): Promise<typeof replied> => {
    try {
      const allowed = context.urls.verifyUpload(params.file_id, query);
      checkUploadHeaders(headers, allowed);
      const file = await pendingFile(context, params.file_id);
      const { sha256 } = await receive(context, file, bodyOf(incoming), allowed, log);
      outgoing.setHeader('ETag', `"${sha256}"`);
      outgoing.end();
      return replied;
    } catch (error) {
      await discardBody(incoming);
      throw error;
    }
  },
);

async function pendingFile({ database }: StorageContext, fileId: string): Promise<FileRow> {
  const file = await findFile(database, fileId);
  if (file === undefined || file.status === 'deleted') throw noSuchFile();
  if (file.status === 'uploaded') throw alreadyComplete();
  return file;
}

function alreadyComplete(): ApiError {
  return new ApiError('CONFLICT', 'This upload is complete; its bytes can no longer be replaced.');
}

/** Stores a body under a new name, then makes it the file's bytes in place of earlier ones. */
async function receive(
  context: StorageContext,
  { fileId }: FileRow,
  body: Bytes,
  allowed: AllowedUpload,
  log: Logger,
): Promise<WrittenObject> {
  const { database } = context;
  const objectId = randomUUID();
  const now = (): Date => new Date(context.now());
  await announceObject(database, objectId, now());
  const written = await write(context, objectId, body, allowed, log);
  // If this throws, it may have been done all the same; the list of unattached objects knows.
  const result = await attachObject(database, { fileId, objectId, ...written }, now());
  await releaseObject(context, result.attached ? result.replacedId : objectId, log);
  if (!result.attached) throw alreadyComplete();
  return written;
}

async function write(
  context: StorageContext,
  objectId: string,
  body: Bytes,
  allowed: AllowedUpload,
  log: Logger,
): Promise<WrittenObject> {
  try {
    return await context.objects.write(objectId, body, allowed.sizeBytes);
  } catch (error) {
    await releaseObject(context, objectId, log);
    throw error instanceof SizeMismatch ? wrongLength(error.found, allowed) : error;
  }
}

const getObject = route.get(
  '/v1/storage/objects/:file_id',
  {
    operation: 'storage/objects',
    summary: 'The bytes of a file, or a range of them, by the URL from download-url.',
    auth: 'none',
    query: SignedQuery,
    whenRedisDown: {},
  },
  async ({ params, query, incoming, outgoing, context, log }): Promise<typeof replied> => {
    context.urls.verifyDownload(params.file_id, query);
    const file = await findFile(context.database, params.file_id);
    if (file?.status !== 'uploaded') throw noSuchFile();
    const { objectId, sha256 } = file;
    if (objectId === undefined || sha256 === undefined) {
      throw new Error('an uploaded file has bytes: the table checks it');
    }
    await sendObject(context.objects, { ...file, objectId, sha256 }, { incoming, outgoing, log });
    return replied;
  },
);

export const objectRoutes = [putObject, getObject];
