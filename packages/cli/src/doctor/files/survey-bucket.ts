import { randomUUID } from 'node:crypto';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { buffer } from 'node:stream/consumers';
import { Client } from 'minio';
import type { Settings } from '../settings.ts';
import { askHttp } from '../support/ask-http.ts';
import { reasonOf } from '../support/reason-of.ts';
import { type S3Settings, s3Settings } from './s3-settings.ts';

/** The one thing that the doctor writes: an object of this name with a random ending. */
export const probePrefix = 'secureconnect-doctor-probe-';
const content = Buffer.from('Written by "secureconnect doctor", which deletes it at once.\n');

/** An origin that no page can have (RFC 6761). */
const foreignOrigin = 'https://secureconnect-doctor.invalid';
const maxOrigins = 5;
const timeoutMs = 5000;

/** Everything that the checks of the bucket look at. */
export interface BucketSurvey {
  readonly bucket: string;
  /** What did not work with the probe object; undefined if all of it did. */
  readonly reason: string | undefined;
  /** What somebody without a key may do. */
  readonly admitsAnybody: readonly ('read files' | 'list files')[];
  /** Origins of CORS_ORIGINS whose pages the store does not let upload. */
  readonly refusedOrigins: readonly string[];
  readonly origins: readonly string[];
  /** Whether pages of any origin may upload, if they know a signed URL. */
  readonly permitsAnyOrigin: boolean;
  /** `Enabled`, `Suspended`, or ''; undefined if the key may not ask. */
  readonly versioning: string | undefined;
  /** Whether a rule ends old versions; undefined if the key may not ask. */
  readonly endsOldVersions: boolean | undefined;
}

/** Writes, reads and deletes the probe object, and looks at it as a stranger and as a page. */
export async function surveyBucket(settings: Settings): Promise<BucketSurvey> {
  const s3 = s3Settings(settings);
  const agent = s3.endpoint.protocol === 'https:' ? new HttpsAgent() : new HttpAgent();
  const { accessKey, endpoint, region, secretKey } = s3;
  const client = new Client({
    endPoint: endpoint.hostname,
    ...(endpoint.port === '' ? {} : { port: Number(endpoint.port) }),
    useSSL: endpoint.protocol === 'https:',
    ...{ region, accessKey, secretKey },
    transportAgent: agent,
    retryOptions: { disableRetry: true },
  });
  try {
    return await surveyWith(client, s3, settings.list('CORS_ORIGINS').slice(0, maxOrigins));
  } finally {
    // The client itself waits for ever for a store that does not answer.
    agent.destroy();
  }
}

async function surveyWith(
  client: Client,
  s3: S3Settings,
  origins: readonly string[],
): Promise<BucketSurvey> {
  const { bucket } = s3;
  const name = `${probePrefix}${randomUUID()}`;
  try {
    if (!(await inTime(client.bucketExists(bucket)))) throw new Error('there is no such bucket');
    await inTime(client.putObject(bucket, name, content, content.length));
  } catch (error) {
    // An object that was not acknowledged in time may have been written all the same.
    const left = error instanceof TooLate ? await removed(client, bucket, name) : undefined;
    return { ...unknown, bucket, origins, reason: left ?? reasonOf(error) };
  }
  let survey: Omit<BucketSurvey, 'reason'>;
  let reason: string | undefined;
  try {
    reason = await readBack(client, bucket, name);
    survey = {
      ...{ bucket, origins },
      admitsAnybody: await asStranger(s3, name),
      ...(await asPage(s3, name, origins)),
      ...(await versions(client, bucket)),
    };
  } finally {
    reason = (await removed(client, bucket, name)) ?? reason;
  }
  return { ...survey, reason };
}

const unknown = {
  ...{ admitsAnybody: [], refusedOrigins: [], permitsAnyOrigin: false },
  ...{ versioning: undefined, endsOldVersions: undefined },
};

async function readBack(client: Client, bucket: string, name: string): Promise<string | undefined> {
  try {
    const { size } = await inTime(client.statObject(bucket, name));
    const read = await inTime(client.getObject(bucket, name).then(buffer));
    return size === content.length && read.equals(content)
      ? undefined
      : 'the probe object came back with different bytes';
  } catch (error) {
    return `the probe object cannot be read: ${reasonOf(error)}`;
  }
}

async function removed(client: Client, bucket: string, name: string): Promise<string | undefined> {
  try {
    await inTime(client.removeObject(bucket, name));
    return undefined;
  } catch (error) {
    return `the probe object ${name} cannot be deleted and may be there: ${reasonOf(error)}`;
  }
}

/** Without a signature, at the address that clients use. */
async function asStranger(
  { bucket, publicEndpoint }: S3Settings,
  name: string,
): Promise<BucketSurvey['admitsAnybody']> {
  const base = `${publicEndpoint.origin}/${bucket}`;
  const [read, list] = await Promise.all([
    silently(askHttp(`${base}/${name}`)),
    silently(askHttp(`${base}?list-type=2&max-keys=1`)),
  ]);
  return [
    ...(read?.status === 200 && read.body === content.toString() ? (['read files'] as const) : []),
    ...(list?.status === 200 && list.body.includes('<ListBucketResult')
      ? (['list files'] as const)
      : []),
  ];
}

/** As a browser asks before it uploads with a signed URL. */
async function asPage(
  { bucket, publicEndpoint }: S3Settings,
  name: string,
  origins: readonly string[],
) {
  const url = `${publicEndpoint.origin}/${bucket}/${name}`;
  const isPermitted = async (origin: string): Promise<boolean> => {
    const headers = {
      Origin: origin,
      'Access-Control-Request-Method': 'PUT',
      'Access-Control-Request-Headers': 'content-type',
    };
    const answer = await silently(askHttp(url, { method: 'OPTIONS', headers }));
    const permitted = answer?.headers.get('access-control-allow-origin');
    return (
      answer !== undefined && answer.status < 300 && (permitted === '*' || permitted === origin)
    );
  };
  if (origins.length === 0) return { refusedOrigins: [], permitsAnyOrigin: false };
  const permitted = await Promise.all(origins.map(isPermitted));
  return {
    refusedOrigins: origins.filter((_, index) => !permitted[index]),
    permitsAnyOrigin: await isPermitted(foreignOrigin),
  };
}

async function versions(client: Client, bucket: string) {
  const versioning = await silently(inTime(client.getBucketVersioning(bucket)));
  const { Status: status = '' } = (versioning ?? {}) as { Status?: string };
  return {
    versioning: versioning === undefined ? undefined : status,
    endsOldVersions: await endsOldVersions(client, bucket),
  };
}

async function endsOldVersions(client: Client, bucket: string): Promise<boolean | undefined> {
  try {
    const rules = JSON.stringify(await inTime(client.getBucketLifecycle(bucket)));
    return rules.includes('NoncurrentVersionExpiration');
  } catch (error) {
    const isNone =
      error instanceof Error && 'code' in error && error.code === 'NoSuchLifecycleConfiguration';
    return isNone ? false : undefined;
  }
}

/** Undefined if it fails: a stranger who is refused is what the checks want. */
async function silently<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch {
    return undefined;
  }
}

/** The store has not answered; what it was asked for may have happened. */
class TooLate extends Error {
  constructor() {
    super(`no reply within ${timeoutMs / 1000} s`);
  }
}

async function inTime<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TooLate()), timeoutMs);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
