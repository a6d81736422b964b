import type { Logger } from '@secureconnect/service';
import type { S3Client } from './s3-client.ts';
import { codeOf } from './s3-errors.ts';

/** The headers that a page sends to upload or download a file. */
const allowedHeaders = ['Content-Type', 'If-None-Match', 'If-Range', 'Range'];
const exposedHeaders = [
  'Accept-Ranges',
  'Content-Disposition',
  'Content-Length',
  'Content-Range',
  'ETag',
];
const maxAgeSeconds = 3600;

export interface BucketCorsOptions {
  readonly client: S3Client;
  readonly bucket: string;
  readonly region: string;
  /** Origins of web pages that may upload and download files. If empty, no rule is created. */
  readonly origins: readonly string[];
  readonly log: Logger;
}

/**
 * Lets pages of these origins use presigned URLs, by a CORS rule on the bucket. An existing rule is
 * the operator's and stays. If the store does not support rules, or the key may not set them, this
 * logs one line, and the operator has to configure CORS (docs/operations.md). Returns false after
 * an error of the connection, which is worth a retry.
 */
export async function provideBucketCors(options: BucketCorsOptions): Promise<boolean> {
  const { client, bucket, region, origins, log } = options;
  if (origins.length === 0) return true;
  try {
    if (await client.hasCors(bucket, region)) return true;
    await client.setCors(bucket, region, rule(origins));
    log.info({ bucket, origins }, 'CORS rule set on the bucket');
    return true;
  } catch (error) {
    const code = codeOf(error);
    if (code === '' || isOfConnection(code)) return false;
    log.warn(
      { bucket, code },
      'cannot set a CORS rule on the bucket; set CORS at the object store',
    );
    return true;
  }
}

/** Codes of Node.js, such as ECONNRESET; codes of S3 have lower-case letters. */
function isOfConnection(code: string): boolean {
  return code === code.toUpperCase();
}

function rule(origins: readonly string[]): string {
  const all = (name: string, values: readonly string[]): string =>
    values.map((value) => `<${name}>${value}</${name}>`).join('');
  // Origins and header names contain no characters that XML requires to escape.
  return (
    `<CORSConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><CORSRule>` +
    all('AllowedOrigin', origins) +
    all('AllowedMethod', ['GET', 'HEAD', 'PUT']) +
    all('AllowedHeader', allowedHeaders) +
    all('ExposeHeader', exposedHeaders) +
    `<MaxAgeSeconds>${maxAgeSeconds}</MaxAgeSeconds></CORSRule></CORSConfiguration>`
  );
}
