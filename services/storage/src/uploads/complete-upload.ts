import { ApiError, type Logger } from '@secureconnect/service';
import type { FilesContext } from '../context.ts';
import type { Scanning, Scans } from '../scan/scans.ts';
import type { FileRow } from '../stores/file-row.ts';
import { findFile } from '../stores/files.ts';
import { type ArrivedObject, complete } from '../stores/quota.ts';
import { refuseArrived } from '../stores/unattached-objects.ts';
import { leftToSweep, releaseObject } from './release-object.ts';
import { scanInTime } from './scan-in-time.ts';

/** What completing an upload works with. */
export type CompletionDeps = FilesContext & {
  readonly scans: Pick<Scans, 'covers'>;
  readonly scanning: Scanning;
};

/**
 * Turns a pending file into an uploaded one, or, if it must be scanned, into a quarantined one, and
 * starts the scan. Returns the changed file; undefined if it is gone. If the scan rejects, the file
 * waits in quarantine, and the repeated request finds it there.
 * @param checksum the client's SHA-256 of the bytes, in hexadecimal
 */
export async function completeUpload(
  context: CompletionDeps,
  file: FileRow,
  checksum: string | undefined,
  log: Logger,
): Promise<FileRow | undefined> {
  const { database, transfers, scans } = context;
  const expected = [checksum, file.announcedSha256].filter((one) => one !== undefined);
  const arrived = await arrivedOrCompleted(context, file, log);
  if ('file' in arrived) {
    if (expected.some((one) => one !== arrived.file.sha256)) throw wrongChecksum();
    return arrived.file;
  }
  if (expected.some((one) => one !== arrived.sha256)) {
    const refused = await refuseArrived(database, file, arrived.objectId, new Date(context.now()));
    if (refused) await transfers.reject(file, arrived, log);
    throw wrongChecksum();
  }
  const scanDue = scans.covers(file) ? new Date(context.now()) : undefined;
  const completed = await complete(database, file, arrived, scanDue);
  if (completed === undefined) return completedMeanwhile(context, file, arrived, log);
  await transfers.discard(completed, leftToSweep(log));
  if (completed.status === 'uploaded') return completed;
  await scanInTime(context.scanning, completed.fileId, log);
  return findFile(database, file.fileId);
}

/**
 * The uploaded bytes of a file; or the file, if a concurrent request has completed it and removed
 * these bytes. Throws the errors of `transfers.arrived`.
 */
async function arrivedOrCompleted(
  { database, transfers }: CompletionDeps,
  seen: FileRow,
  log: Logger,
) {
  try {
    return await transfers.arrived(seen, log);
  } catch (error) {
    const file = await findFile(database, seen.fileId);
    if (file === undefined || file.status === 'pending' || file.status === 'deleted') throw error;
    return { file };
  }
}

/** The error for bytes with a checksum different from the client's. */
export function wrongChecksum(): ApiError {
  const message = 'Checksum mismatch; upload the file again.';
  const expected = 'expected the SHA-256 of the uploaded bytes';
  return new ApiError('VALIDATION_ERROR', message, {
    details: [{ field: 'body.checksum_sha256', message: expected }],
  });
}

/** A concurrent request was faster: the same one, one that sent new bytes, or a DELETE. */
async function completedMeanwhile(
  context: CompletionDeps,
  seen: FileRow,
  arrived: ArrivedObject,
  log: Logger,
): Promise<FileRow | undefined> {
  const file = await findFile(context.database, seen.fileId);
  // An object with the id of the file may appear again; it stays on the list of unattached objects.
  const isOwn = arrived.objectId !== seen.fileId;
  if (isOwn && file?.objectId !== arrived.objectId) {
    await releaseObject(context, arrived.objectId, log);
  }
  if (file === undefined || file.status === 'deleted') return undefined;
  if (file.status !== 'pending' && file.sha256 === arrived.sha256) return file;
  throw new ApiError('CONFLICT', 'The bytes are being replaced; retry when that has finished.');
}
