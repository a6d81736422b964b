import { attachment } from '../../http/content-disposition.ts';
import type { SignedUrl } from '../../signed-urls.ts';
import type { S3Client } from './s3-client.ts';

/** How a browser presents a download. */
export interface Presented {
  readonly fileName: string;
  readonly contentType: string;
}

export interface S3LinksOptions {
  /** A client for the public endpoint. It only signs and never connects. */
  readonly client: S3Client;
  readonly bucket: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/**
 * Creates presigned URLs for clients of the store. They sign the method, the object, the time, the
 * query and, of the headers, only the host.
 */
export class S3Links {
  readonly #options: S3LinksOptions;

  constructor(options: S3LinksOptions) {
    this.#options = options;
  }

  /** For a PUT. */
  upload(objectId: string, seconds: number): Promise<SignedUrl> {
    return this.#sign('PUT', objectId, seconds, {});
  }

  /** For a PUT of one part. */
  part(
    objectId: string,
    part: { readonly uploadId: string; readonly partNumber: number },
    seconds: number,
  ): Promise<SignedUrl> {
    const { uploadId, partNumber } = part;
    return this.#sign('PUT', objectId, seconds, { uploadId, partNumber: String(partNumber) });
  }

  /** For a GET whose reply cannot be rendered as a page. */
  download(
    objectId: string,
    { fileName, contentType }: Presented,
    seconds: number,
  ): Promise<SignedUrl> {
    return this.#sign('GET', objectId, seconds, {
      'response-content-disposition': attachment(fileName),
      'response-content-type': contentType,
      'response-cache-control': 'private, no-cache',
    });
  }

  async #sign(
    method: 'GET' | 'PUT',
    objectId: string,
    seconds: number,
    query: Record<string, string>,
  ): Promise<SignedUrl> {
    const { client, bucket, now } = this.#options;
    // The time of a signature has whole seconds.
    const signedAtMs = Math.floor(now() / 1000) * 1000;
    const signedAt = new Date(signedAtMs);
    const url = await client.presignedUrl(method, bucket, objectId, seconds, query, signedAt);
    return { url, expiresAt: new Date(signedAtMs + seconds * 1000) };
  }
}
