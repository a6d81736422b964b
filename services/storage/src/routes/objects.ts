import { storage } from '@secureconnect/contracts/endpoints';
import { type Logger, replied } from '@secureconnect/service';
import type { FilesContext } from '../context.ts';
import { sendObject } from '../http/send-object.ts';
import { bodyOf, checkUploadHeaders, discardBody } from '../http/upload-body.ts';
import type { WrittenObject } from '../objects/object-store.ts';
import { findFile } from '../stores/files.ts';
import { attachObject } from '../stores/unattached-objects.ts';
import {
  alreadyComplete,
  keepBody,
  type ReceivedBody,
  requireServed,
} from '../uploads/receive-body.ts';
import { releaseObject } from '../uploads/release-object.ts';
import { mayNeedObjects, route } from './route.ts';
import { noSuchFile } from './stored-file.ts';

const putObject = route(
  storage.uploadFile,
  mayNeedObjects,
  async (
    { params, query, headers, incoming, outgoing, context, log },
    { objects: port },
  ): Promise<typeof replied> => {
    try {
      const allowed = requireServed(context.urls).verifyUpload(params.file_id, query);
      checkUploadHeaders(headers, allowed);
      const files = await port.use();
      const { objects } = requireServed(files.served);
      const received = { objects, body: bodyOf(incoming), allowed };
      const { sha256 } = await receive({ ...context, ...files }, params.file_id, received, log);
      outgoing.setHeader('ETag', `"${sha256}"`);
      outgoing.end();
      return replied;
    } catch (error) {
      await discardBody(incoming);
      throw error;
    }
  },
);

/** Stores a body under a new name, then makes it the file's bytes, replacing earlier ones. */
async function receive(
  context: FilesContext,
  fileId: string,
  received: ReceivedBody,
  log: Logger,
): Promise<WrittenObject> {
  const { database } = context;
  const now = (): Date => new Date(context.now());
  const { objectId, sha256 } = await keepBody(context, fileId, received, log);
  // If this throws, the change may still have been made; the list of unattached objects is right.
  const result = await attachObject(database, { fileId, objectId, sha256 }, now());
  await releaseObject(context, result.attached ? result.replacedId : objectId, log);
  if (!result.attached) throw alreadyComplete();
  return { sha256 };
}

const getObject = route(
  storage.downloadFile,
  mayNeedObjects,
  async (
    { params, query, incoming, outgoing, context, log },
    { objects: port },
  ): Promise<typeof replied> => {
    const { forScan } = requireServed(context.urls).verifyDownload(params.file_id, query);
    const file = await findFile(context.database, params.file_id);
    const maySee = file?.status === 'uploaded' || (forScan && file?.status === 'quarantined');
    if (file === undefined || !maySee) throw noSuchFile();
    const { objectId, sha256 } = file;
    if (objectId === undefined || sha256 === undefined) {
      throw new Error('the uploaded file has no object');
    }
    const { objects } = requireServed((await port.use()).served);
    await sendObject(objects, { ...file, objectId, sha256 }, { incoming, outgoing, log });
    return replied;
  },
);

export const objectRoutes = { uploadFile: putObject, downloadFile: getObject };
