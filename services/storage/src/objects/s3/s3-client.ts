import { createHash } from 'node:crypto';
import { Client } from 'minio';
import type { S3Config } from './s3-config.ts';
import { codeOf } from './s3-errors.ts';
import { timedTransport } from './transport.ts';

/** A part of an upload in parts, as S3 lists it. */
export interface ListedPart {
  readonly part: number;
  readonly size: number;
  readonly etag: string;
}

/** The minio client, with methods for calls that it does not expose. */
export class S3Client extends Client {
  /** All parts that have arrived, by number. */
  async partsOf(bucket: string, name: string, uploadId: string): Promise<ListedPart[]> {
    const parts = await this.listParts(bucket, name, uploadId);
    return parts.map(({ part, size, etag }) => ({ part, size, etag }));
  }

  /** The ids of unfinished uploads in parts of exactly this name. */
  async uploadIdsOf(bucket: string, name: string): Promise<string[]> {
    const found: string[] = [];
    let page = { keyMarker: '', uploadIdMarker: '', more: true };
    while (page.more) {
      const { uploads, isTruncated, nextKeyMarker, nextUploadIdMarker } =
        await this.listIncompleteUploadsQuery(
          bucket,
          name,
          page.keyMarker,
          page.uploadIdMarker,
          '',
        );
      found.push(...uploads.filter(({ key }) => key === name).map(({ uploadId }) => uploadId));
      page = {
        keyMarker: nextKeyMarker,
        uploadIdMarker: nextUploadIdMarker,
        more: isTruncated,
      };
    }
    return found;
  }

  /**
   * Why a key is refused: replies to HEAD have no body, which names the key, its secret or the clock.
   * Undefined if this request is not refused.
   */
  async refusal(bucketName: string, region: string): Promise<unknown> {
    const options = { method: 'GET', bucketName, query: 'location' };
    try {
      const reply = await this.makeRequestAsync(options, '', [200], region);
      reply.resume();
      return undefined;
    } catch (error) {
      return error;
    }
  }

  /** Whether a bucket has CORS rules (GetBucketCors). */
  async hasCors(bucketName: string, region: string): Promise<boolean> {
    const options = { method: 'GET', bucketName, query: 'cors' };
    try {
      const reply = await this.makeRequestAsync(options, '', [200], region);
      reply.resume();
      return true;
    } catch (error) {
      if (codeOf(error) === 'NoSuchCORSConfiguration') return false;
      throw error;
    }
  }

  /** Replaces the CORS rules (PutBucketCors); minio has no method for this. `rules` is XML. */
  async setCors(bucketName: string, region: string, rules: string): Promise<void> {
    // S3 requires it in addition to the body.
    const headers = { 'Content-MD5': createHash('md5').update(rules).digest('base64') };
    const options = { method: 'PUT', bucketName, query: 'cors', headers };
    await this.makeRequestAsyncOmit(options, rules, [200, 204], region);
  }
}

/** A client, and a function that ends its idle connections. `endpoint` has no path. */
export function openS3Client(
  endpoint: string,
  { region, accessKey, secretKey }: S3Config,
): { client: S3Client; close: () => void } {
  const { protocol, hostname, port } = new URL(endpoint);
  const useSSL = protocol === 'https:';
  const { transport, agent } = timedTransport(useSSL);
  const client = new S3Client({
    endPoint: hostname,
    ...(port === '' ? {} : { port: Number(port) }),
    useSSL,
    region,
    accessKey,
    secretKey,
    transport,
    // The breaker counts failed calls; the client must neither retry nor log them.
    retryOptions: { disableRetry: true },
  });
  return { client, close: () => agent.destroy() };
}
