import type { Logger } from '@secureconnect/service';
import type { S3Client } from './s3-client.ts';
import { codeOf } from './s3-errors.ts';

/** What a page sends with a file or a range of one. */
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
  /** Of web pages that may send and get files; where there are none, no rule is made. */
  readonly origins: readonly string[];
  readonly log: Logger;
}

/**
 * Lets the pages of these origins use presigned URLs, by a rule on the bucket. A rule that is there
 * already is the operator's and stays. Whatever the store answers, it is not judged by this: where it
 * keeps no such rules, or lets this key keep none, one line says so, and the store itself has to be
 * told (docs/operations.md). Returns whether the matter is settled; an error without a code of S3 is
 * one of the connection, and worth another attempt.
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

/** Codes of Node.js, such as ECONNRESET; those of S3 have small letters. */
function isOfConnection(code: string): boolean {
  return code === code.toUpperCase();
}

function rule(origins: readonly string[]): string {
  const all = (name: string, values: readonly string[]): string =>
    values.map((value) => `<${name}>${value}</${name}>`).join('');
  // An origin and a header name have no character that XML gives a meaning to.
  return (
    `<CORSConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><CORSRule>` +
    all('AllowedOrigin', origins) +
    all('AllowedMethod', ['GET', 'HEAD', 'PUT']) +
    all('AllowedHeader', allowedHeaders) +
    all('ExposeHeader', exposedHeaders) +
    `<MaxAgeSeconds>${maxAgeSeconds}</MaxAgeSeconds></CORSRule></CORSConfiguration>`
  );
}
