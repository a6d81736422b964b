import type { Logger } from '@secureconnect/service';
import type { SignedUrl } from '../signed-urls.ts';
import type { FileRow } from '../stores/file-row.ts';
import type { ArrivedObject } from '../stores/quota.ts';
import type { OnLeft } from '../uploads/release-object.ts';

/** A file that is about to be sent. */
export type Upload = Pick<FileRow, 'fileId' | 'sizeBytes' | 'contentType'>;

/** The URL of a PUT, and the headers that it must have. */
export interface UploadTo extends SignedUrl {
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Transfers between clients and the object store: through this service, or directly. Each method
 * throws ApiError SERVICE_UNAVAILABLE while the store is down.
 */
export interface Transfers {
  /**
   * True if clients write an object themselves, under the id of the file. It may appear as long as
   * the URL is valid, whatever the state of the file.
   */
  readonly clientsWriteObjects: boolean;
  /** The URL to PUT the bytes of a file to; valid for 15 minutes. */
  uploadUrl(upload: Upload): Promise<UploadTo>;
  /** The URL to GET the bytes of an uploaded file; valid for an hour. */
  downloadUrl(file: FileRow): Promise<SignedUrl>;
  /** The same for the scan hook, for a quarantined file. */
  scanUrl(file: FileRow): Promise<SignedUrl>;
  /** A path on this machine, or a URL, for a scanning program. */
  scanPlace(file: FileRow): Promise<string>;
  /**
   * Secures the uploaded bytes of a pending file, so that clients cannot change them, and measures
   * them. Throws CONFLICT if bytes are missing, and VALIDATION_ERROR if they differ from what was
   * announced; these bytes are then removed.
   */
  arrived(file: FileRow, log: Logger): Promise<ArrivedObject>;
  /** Removes the bytes that `arrived` secured, after a refusal. The file stays pending. */
  reject(file: FileRow, arrived: ArrivedObject, log: Logger): Promise<void>;
  /** Removes, as far as possible now, the uploads for a file that is no longer pending. */
  discard(file: FileRow, onLeft: OnLeft): Promise<void>;
  readonly parts: PartTransfers;
}

/** A part that has arrived. */
export interface ReceivedPart {
  readonly partNumber: number;
  readonly sizeBytes: number;
  readonly etag: string;
}

/** The number and size of a part. */
export interface PartPlan {
  /** From 1. */
  readonly partNumber: number;
  readonly sizeBytes: number;
}

/** Transfers of files in parts. A part may be sent again; the last one counts. */
export interface PartTransfers {
  begin(upload: Upload): Promise<void>;
  /** The URL to PUT a part to; valid for 15 minutes. */
  uploadUrl(file: FileRow, part: PartPlan): Promise<UploadTo>;
  /** The parts that have arrived, by number. */
  received(file: FileRow): Promise<readonly ReceivedPart[]>;
}
