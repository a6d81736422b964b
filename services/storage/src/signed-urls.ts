import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';
import type { storage } from '@secureconnect/contracts/endpoints';
import { ApiError } from '@secureconnect/service';
import { downloadSeconds, uploadSeconds } from './lifetimes.ts';

/** The content type of parts; the type of the file was announced when the upload began. */
export const partContentType = 'application/octet-stream';
/** Replaces the media type in URLs for the scan hook; media types contain a slash. */
const scanType = 'scan';

export interface SignedUrl {
  readonly url: string;
  readonly expiresAt: Date;
}

/** The upload that a URL allows. */
export interface AllowedUpload {
  readonly sizeBytes: number;
  readonly contentType: string;
}

interface Signed {
  readonly method: 'GET' | 'PUT';
  readonly path: string;
  readonly expires: string;
  readonly length: string;
  readonly type: string;
}

export interface SignedUrlsOptions {
  readonly secret: Buffer;
  readonly publicUrl: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Signs and verifies URLs for uploads and downloads without a token. */
export class SignedUrls {
  readonly #options: Omit<SignedUrlsOptions, 'secret'>;
  readonly #key: KeyObject;

  constructor({ secret, ...options }: SignedUrlsOptions) {
    this.#options = options;
    this.#key = createSecretKey(secret);
  }

  /** A URL to PUT bytes of exactly this size and type, valid for 15 minutes. */
  upload(fileId: string, allowed: AllowedUpload): SignedUrl {
    return this.#signUpload(pathOf(fileId), allowed);
  }

  /** A URL to PUT a part of exactly this size, valid for 15 minutes. */
  part(fileId: string, part: { partNumber: number; sizeBytes: number }): SignedUrl {
    const { partNumber, sizeBytes } = part;
    const allowed = { sizeBytes, contentType: partContentType };
    return this.#signUpload(partPathOf(fileId, String(partNumber)), allowed);
  }

  /** A URL to GET the bytes, valid for an hour. */
  download(fileId: string): SignedUrl {
    return this.#sign('GET', pathOf(fileId), downloadSeconds, { length: '', type: '' });
  }

  /** The same for the scan hook, which may read quarantined files. */
  scan(fileId: string): SignedUrl {
    return this.#sign('GET', pathOf(fileId), downloadSeconds, { length: '', type: scanType });
  }

  /**
   * Throws FORBIDDEN unless the query is from `download` or `scan` and has not expired. Returns
   * whether it is from `scan`.
   */
  verifyDownload(fileId: string, query: storage.SignedQuery): { forScan: boolean } {
    this.#verify({ ...query, method: 'GET', path: pathOf(fileId) }, query.signature);
    return { forScan: query.type === scanType };
  }

  /** The allowed upload. Throws FORBIDDEN unless the query is from `upload` and has not expired. */
  verifyUpload(fileId: string, query: storage.SignedQuery): AllowedUpload {
    return this.#verifyUpload(pathOf(fileId), query);
  }

  /** The same for a query from `part`. */
  verifyPart(fileId: string, partNumber: string, query: storage.SignedQuery): AllowedUpload {
    return this.#verifyUpload(partPathOf(fileId, partNumber), query);
  }

  #verifyUpload(path: string, query: storage.SignedQuery): AllowedUpload {
    this.#verify({ ...query, method: 'PUT', path }, query.signature);
    return { sizeBytes: Number(query.length), contentType: query.type };
  }

  #signUpload(path: string, { sizeBytes, contentType }: AllowedUpload): SignedUrl {
    return this.#sign('PUT', path, uploadSeconds, { length: String(sizeBytes), type: contentType });
  }

  #sign(
    method: Signed['method'],
    path: string,
    seconds: number,
    { length, type }: Pick<Signed, 'length' | 'type'>,
  ): SignedUrl {
    const expiresAtSeconds = Math.floor(this.#options.now() / 1000) + seconds;
    const signed: Signed = { method, path, expires: String(expiresAtSeconds), length, type };
    const query = new URLSearchParams({ expires: signed.expires });
    if (length !== '') query.set('length', length);
    if (type !== '') query.set('type', type);
    query.set('signature', this.#signature(signed).toString('base64url'));
    return {
      url: `${this.#options.publicUrl}${path}?${query}`,
      expiresAt: new Date(expiresAtSeconds * 1000),
    };
  }

  #verify(signed: Signed, signature: string): void {
    const expected = this.#signature(signed);
    const given = Buffer.from(signature, 'base64url');
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
      throw new ApiError('FORBIDDEN', 'This link is not valid; request a new one.', {
        security: { event: 'signed_url_refused' },
      });
    }
    if (Number(signed.expires) * 1000 <= this.#options.now()) {
      throw new ApiError('FORBIDDEN', 'This link has expired; request a new one.');
    }
  }

  #signature({ method, path, expires, length, type }: Signed): Buffer {
    // One field per line, so that no text can move from one field to the next.
    const parts = ['v1', method, path, expires, length, encodeURIComponent(type)];
    return createHmac('sha256', this.#key).update(parts.join('\n')).digest();
  }
}

/** The path of the bytes of a file. */
function pathOf(fileId: string): string {
  return `/v1/storage/objects/${fileId}`;
}

/** The path of a part of a file. */
function partPathOf(fileId: string, partNumber: string): string {
  return `${pathOf(fileId)}/parts/${partNumber}`;
}
