import { randomUUID } from 'node:crypto';
import type { Logger } from '@secureconnect/service';
import { downloadSeconds, uploadSeconds } from '../lifetimes.ts';
import type { SignedUrl } from '../signed-urls.ts';
import type { FileRow } from '../stores/file-row.ts';
import type { ArrivedObject } from '../stores/quota.ts';
import { announceObject } from '../stores/unattached-objects.ts';
import { leftToSweep, type OnLeft, releaseObject } from '../uploads/release-object.ts';
import { DirectParts } from './direct-parts.ts';
import type { DirectTransfersOptions } from './direct-transfers-options.ts';
import { measureObject, mismatchOf } from './measure-object.ts';
import { notArrived } from './part-plan.ts';
import { SingleFlight } from './single-flight.ts';
import type { Transfers, Upload, UploadTo } from './transfers.ts';

/**
 * Transfers directly between clients and an S3. While its URL is valid, a client may write the
 * object with the id of its file any number of times. At upload-complete the object is copied to a
 * name without an upload URL (docs/adr/0009).
 */
export class DirectTransfers implements Transfers {
  readonly clientsWriteObjects = true;
  readonly parts: DirectParts;
  readonly #options: DirectTransfersOptions;
  readonly #arriving = new SingleFlight<ArrivedObject>();

  constructor(options: DirectTransfersOptions) {
    this.#options = options;
    this.parts = new DirectParts(options);
  }

  async uploadUrl({ fileId, contentType }: Upload): Promise<UploadTo> {
    const url = await this.#options.links.upload(fileId, uploadSeconds);
    return { ...url, headers: { 'Content-Type': contentType } };
  }

  downloadUrl(file: FileRow): Promise<SignedUrl> {
    if (file.objectId === undefined) throw new Error('the uploaded file has no object');
    return this.#options.links.download(file.objectId, file, downloadSeconds);
  }

  scanUrl(file: FileRow): Promise<SignedUrl> {
    return this.downloadUrl(file);
  }

  async scanPlace(file: FileRow): Promise<string> {
    return (await this.downloadUrl(file)).url;
  }

  arrived(file: FileRow, log: Logger): Promise<ArrivedObject> {
    return this.#arriving.run(`${file.fileId} ${file.generation}`, () =>
      file.partBytes === undefined ? this.#keep(file, log) : this.parts.join(file),
    );
  }

  async reject(file: FileRow, { objectId }: ArrivedObject, log: Logger): Promise<void> {
    if (objectId !== file.fileId) await releaseObject(this.#options, objectId, log);
    await this.discard(file, leftToSweep(log));
    // The parts were removed with the object, so all of them must be sent again.
    if (file.partBytes !== undefined) await this.parts.begin(file);
  }

  /** The object stays on the list of unattached ones, because its URL may still be valid. */
  async discard({ fileId, objectId }: FileRow, onLeft: OnLeft): Promise<void> {
    if (objectId === fileId) return; // It was joined from parts and is the file's.
    try {
      await this.#options.objects.remove(fileId);
    } catch (error) {
      onLeft(fileId, error);
    }
  }

  async #keep(file: FileRow, log: Logger): Promise<ArrivedObject> {
    const { database, objects, now } = this.#options;
    const sent = await objects.describe(file.fileId);
    if (sent === undefined) throw notArrived();
    // Check before copying, because a client can upload an object of any size.
    const wrong = mismatchOf(file, sent);
    if (wrong !== undefined) {
      await this.discard(file, leftToSweep(log));
      throw wrong;
    }
    const objectId = randomUUID();
    await announceObject(database, objectId, new Date(now()));
    try {
      if (!(await objects.copy(file.fileId, objectId))) throw notArrived();
      return { objectId, sha256: await measureObject(objects, file, objectId) };
    } catch (error) {
      await releaseObject(this.#options, objectId, log);
      throw error;
    }
  }
}
