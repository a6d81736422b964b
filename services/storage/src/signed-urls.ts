import { createHmac, timingSafeEqual } from 'node:crypto';
import { ApiError } from '@secureconnect/service';
import { z } from 'zod';

const uploadSeconds = 15 * 60;
const downloadSeconds = 60 * 60;

/**
 * What a signed URL carries. Everything is optional here, because a URL that lacks a part is not
 * signed, which is FORBIDDEN like any other tampering.
 */
export const SignedQuery = z.object({
  expires: z.string().max(16).default(''),
  length: z.string().max(16).default(''),
  type: z.string().max(127).default(''),
  signature: z.string().max(64).default(''),
});
export type SignedQuery = z.infer<typeof SignedQuery>;

export interface SignedUrl {
  readonly url: string;
  readonly expiresAt: Date;
}

/** What an upload URL allows to be sent. */
export interface AllowedUpload {
  readonly sizeBytes: number;
  readonly contentType: string;
}

interface Signed {
  readonly method: 'GET' | 'PUT';
  readonly fileId: string;
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

/** Makes and checks the URLs that bytes are sent to and read from, without a token. */
export class SignedUrls {
  readonly #options: SignedUrlsOptions;

  constructor(options: SignedUrlsOptions) {
    this.#options = options;
  }

  /** A URL for one PUT of exactly these bytes, good for 15 minutes. */
  upload(fileId: string, allowed: AllowedUpload): SignedUrl {
    const length = String(allowed.sizeBytes);
    return this.#sign('PUT', fileId, uploadSeconds, { length, type: allowed.contentType });
  }

  /** A URL to GET the bytes from, good for an hour. */
  download(fileId: string): SignedUrl {
    return this.#sign('GET', fileId, downloadSeconds, { length: '', type: '' });
  }

  /** Throws FORBIDDEN unless the query is one that `download` gave out, and still good. */
  verifyDownload(fileId: string, query: SignedQuery): void {
    this.#verify({ ...query, method: 'GET', fileId }, query.signature);
  }

  /** What may be sent. Throws FORBIDDEN unless `upload` gave the query out, and it is still good. */
  verifyUpload(fileId: string, query: SignedQuery): AllowedUpload {
    this.#verify({ ...query, method: 'PUT', fileId }, query.signature);
    return { sizeBytes: Number(query.length), contentType: query.type };
  }

  #sign(
    method: Signed['method'],
    fileId: string,
    seconds: number,
    { length, type }: Pick<Signed, 'length' | 'type'>,
  ): SignedUrl {
    const expiresAtSeconds = Math.floor(this.#options.now() / 1000) + seconds;
    const signed: Signed = { method, fileId, expires: String(expiresAtSeconds), length, type };
    const query = new URLSearchParams({ expires: signed.expires });
    if (method === 'PUT') {
      query.set('length', length);
      query.set('type', type);
    }
    query.set('signature', this.#signature(signed).toString('base64url'));
    return {
      url: `${this.#options.publicUrl}${pathOf(fileId)}?${query}`,
      expiresAt: new Date(expiresAtSeconds * 1000),
    };
  }

  #verify(signed: Signed, signature: string): void {
    const expected = this.#signature(signed);
    const given = Buffer.from(signature, 'base64url');
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
      throw new ApiError('FORBIDDEN', 'This link is not valid. Ask for a new one.');
    }
    if (Number(signed.expires) * 1000 <= this.#options.now()) {
      throw new ApiError('FORBIDDEN', 'This link has expired. Ask for a new one.');
    }
  }

  #signature({ method, fileId, expires, length, type }: Signed): Buffer {
    // Each part on a line of its own: no part can be moved into its neighbour.
    const parts = ['v1', method, pathOf(fileId), expires, length, encodeURIComponent(type)];
    return createHmac('sha256', this.#options.secret).update(parts.join('\n')).digest();
  }
}

/** Where the bytes of a file are sent to and read from. */
function pathOf(fileId: string): string {
  return `/v1/storage/objects/${fileId}`;
}
