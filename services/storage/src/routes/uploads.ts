import type { UploadTarget } from '@secureconnect/contracts';
import { storage } from '@secureconnect/contracts/endpoints';
import { failOpen } from '@secureconnect/degraded-mode';
import { reservationMs } from '../lifetimes.ts';
import { beginUpload } from '../uploads/begin-upload.ts';
import { completeUpload, wrongChecksum } from '../uploads/complete-upload.ts';
import { mayNeedObjects, needsObjects, route } from './route.ts';
import { noSuchFile, ownFile, storedFile } from './stored-file.ts';
import { uploadTarget } from './upload-target.ts';

const uploadUrl = route(
  storage.createUploadUrl,
  needsObjects,
  async ({ user, body, context }, { objects }): Promise<UploadTarget> => {
    const plan = { reservedMs: reservationMs, partBytes: undefined };
    const files = await objects.use();
    const file = await beginUpload({ ...context, ...files }, user.userId, body, plan);
    return { file_id: file.fileId, ...uploadTarget(await files.transfers.uploadUrl(file)) };
  },
);

const uploadComplete = route(
  storage.completeUpload,
  { ...mayNeedObjects, scans: failOpen.skip() },
  async ({ user, body, context, log }, { objects, scans: scanning }) => {
    const file = await ownFile(context, body.file_id, user.userId);
    const checksum = body.checksum_sha256;
    if (file.status === 'pending') {
      const whole = { ...context, ...(await objects.use()), scanning };
      const completed = await completeUpload(whole, file, checksum, log);
      if (completed === undefined || completed.status === 'deleted') throw noSuchFile();
      return storedFile(completed);
    }
    if (file.status === 'deleted') throw noSuchFile();
    if (checksum !== undefined && checksum !== file.sha256) throw wrongChecksum();
    return storedFile(file);
  },
);

export const uploadRoutes = { createUploadUrl: uploadUrl, completeUpload: uploadComplete };
