import type { Logger } from '@secureconnect/service';
import type { SignedUrl } from '../signed-urls.ts';
import type { FileRow } from '../stores/file-row.ts';
import type { ArrivedObject } from '../stores/quota.ts';

/** A file that is about to be sent. */
export type Upload = Pick<FileRow, 'fileId' | 'sizeBytes' | 'contentType'>;

/** Where one PUT goes, and the headers that it must have. */
export interface UploadTo extends SignedUrl {
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * The ways of bytes between clients and the object store: by way of this service, or straight.
 * Each method throws ApiError: SERVICE_UNAVAILABLE when the store is away.
 */
export interface Transfers {
  /**
   * True where clients write an object themselves, by the name of the file: it may appear as long
   * as the URL is good, whatever has become of the file.
   */
  readonly clientsWriteObjects: boolean;
  /** Where to PUT the bytes of a file; good for 15 minutes. */
  uploadUrl(upload: Upload): Promise<UploadTo>;
  /** Where to GET the bytes of an uploaded file; good for an hour. */
  downloadUrl(file: FileRow): Promise<SignedUrl>;
  /** The same for the scan hook, of a file that nobody else may see yet. */
  scanUrl(file: FileRow): Promise<SignedUrl>;
  /** A path on this machine, or a URL, for a scanning program. */
  scanPlace(file: FileRow): Promise<string>;
  /**
   * Takes what the client has sent for a pending file into keeping, where nobody can change it, and
   * measures it. Throws CONFLICT when it is not all there, VALIDATION_ERROR when it is not what was
   * announced, and then it is gone.
   */
  arrived(file: FileRow, log: Logger): Promise<ArrivedObject>;
  /** Removes what `arrived` took, after it was refused. The file stays pending. */
  reject(file: FileRow, arrived: ArrivedObject, log: Logger): Promise<void>;
  /** Removes, as well as it can now, what was sent for a file that is no longer pending. */
  discard(file: FileRow, log: Logger): Promise<void>;
  readonly parts: PartTransfers;
}

/** A part that has arrived. */
export interface ReceivedPart {
  readonly partNumber: number;
  readonly sizeBytes: number;
  readonly etag: string;
}

/** One of the parts that a file comes in. */
export interface PartPlan {
  /** From 1. */
  readonly partNumber: number;
  readonly sizeBytes: number;
}

/** The ways of files that come in parts. A part may be sent again; the last one counts. */
export interface PartTransfers {
  begin(upload: Upload): Promise<void>;
  /** Where to PUT a part; good for 15 minutes. */
  uploadUrl(file: FileRow, part: PartPlan): Promise<UploadTo>;
  /** The parts that have arrived, by number. */
  received(file: FileRow): Promise<readonly ReceivedPart[]>;
}
