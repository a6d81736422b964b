import { join } from 'node:path';
import { freePort } from '@secureconnect/embedded';
import {
  backendScriptsSkipReason,
  type OwnServer,
  startOwnServer,
  writtenEnvironment,
} from './own-server.ts';

/** The servers that the script `s3` can start; both verify signatures. */
export const s3Engines = ['minio', 'versitygw'] as const;
export type S3Engine = (typeof s3Engines)[number];

/** The address of an S3 and credentials that may create buckets. */
export interface S3Address {
  /** A base URL without a path. */
  readonly endpoint: string;
  readonly region: string;
  readonly accessKey: string;
  readonly secretKey: string;
}

/** A test's own S3. */
export interface TestS3 extends S3Address, OwnServer {}

/** Why tests that kill an S3 are skipped; '' if they can run. */
export const ownS3SkipReason = backendScriptsSkipReason;

/** Why tests with the S3 of `TEST_S3_ENDPOINT` are skipped; '' if they can run. */
export const namedS3SkipReason = process.env['TEST_S3_ENDPOINT']
  ? ''
  : ' (left out: set TEST_S3_ENDPOINT and its TEST_S3_REGION, _ACCESS_KEY, _SECRET_KEY)';

/** The S3 of `TEST_S3_ENDPOINT` and the related variables. */
export function namedS3(): S3Address {
  return addressFrom((name) => process.env[`TEST_${name}`]);
}

/**
 * Starts an S3 on loopback by the script `s3`, in about a second.
 * @param environment further variables of the server
 */
export async function testS3(
  engine: S3Engine,
  environment: NodeJS.ProcessEnv = {},
): Promise<TestS3> {
  const port = await freePort();
  const server = await startOwnServer({
    script: 's3',
    folderOption: '--dir',
    options: ['--engine', engine],
    startOptions: ['--port', String(port)],
    port,
    pidFiles: ['pid'],
    environment,
  });
  const written = await writtenEnvironment(join(server.folder, 'env'));
  return { ...server, ...addressFrom((name) => written.get(name)) };
}

function addressFrom(variable: (name: string) => string | undefined): S3Address {
  const given = (name: string): string => {
    const value = variable(name);
    if (value === undefined || value === '') throw new Error(`${name} is not known`);
    return value;
  };
  return {
    endpoint: given('S3_ENDPOINT'),
    region: given('S3_REGION'),
    accessKey: given('S3_ACCESS_KEY'),
    secretKey: given('S3_SECRET_KEY'),
  };
}
