import { storage } from '@secureconnect/contracts/endpoints';
import { replied } from '@secureconnect/service';
import { bodyOf, checkUploadHeaders, discardBody } from '../http/upload-body.ts';
import { attachPart } from '../stores/parts.ts';
import { alreadyComplete, keepBody, requireServed } from '../uploads/receive-body.ts';
import { releaseObject } from '../uploads/release-object.ts';
import { mayNeedObjects, route } from './route.ts';

const putPart = route(
  storage.uploadPart,
  mayNeedObjects,
  async (
    { params, query, headers, incoming, outgoing, context, log },
    { objects: port },
  ): Promise<typeof replied> => {
    const { file_id: fileId, part_number: partNumber } = params;
    try {
      const allowed = requireServed(context.urls).verifyPart(fileId, partNumber, query);
      checkUploadHeaders(headers, allowed);
      const files = await port.use();
      const whole = { ...context, ...files };
      const { objects } = requireServed(files.served);
      const body = { objects, body: bodyOf(incoming), allowed };
      const { objectId, sha256 } = await keepBody(whole, fileId, body, log);
      const { sizeBytes } = allowed;
      const part = { partNumber: Number(partNumber), objectId, sizeBytes, sha256 };
      const result = await attachPart(context.database, fileId, part, new Date(context.now()));
      await releaseObject(whole, result.attached ? result.replacedId : objectId, log);
      if (!result.attached) throw alreadyComplete();
      outgoing.setHeader('ETag', `"${sha256}"`);
      outgoing.end();
      return replied;
    } catch (error) {
      await discardBody(incoming);
      throw error;
    }
  },
);

export const partObjectRoutes = { uploadPart: putPart };
