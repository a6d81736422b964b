import { hkdfSync } from 'node:crypto';
import {
  type CommonConfig,
  ConfigError,
  commonConfig,
  commonVariables,
  corsOrigins,
  corsVariables,
  flag,
  integer,
  port,
  readEnvironment,
  secret,
  text,
} from '@secureconnect/service';
import { type TokenConfig, tokenConfig, tokenVariables } from '@secureconnect/tokens';
import type { FilesConfig } from './objects/open-object-store.ts';
import { type S3Values, s3Config } from './objects/s3/s3-config.ts';
import { type ScanConfig, scanHook } from './scan/scan-config.ts';

const gibibyte = 1024 ** 3;

const baseUrl = text('an http:// or https:// URL without query').refine(isBaseUrl, {
  error: 'an http:// or https:// URL without query',
});
const originUrl = text('an http:// or https:// URL without path').refine(isOrigin, {
  error: 'an http:// or https:// URL without path',
});

const s3Variables = {
  S3_ENDPOINT: originUrl.optional(),
  S3_PUBLIC_ENDPOINT: originUrl.optional(),
  S3_ACCESS_KEY: text('the name of a key').optional(),
  S3_SECRET_KEY: text('the secret of the key').optional(),
  S3_BUCKET: text('the name of a bucket')
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, {
      error: '3 to 63 of a-z, 0-9, . and -, beginning and ending with a letter or digit',
    })
    .optional(),
  S3_REGION: text('the name of a region').optional(),
};

const scanVariables = {
  SCAN_URL: baseUrl.optional(),
  SCAN_COMMAND: text('the path of a program').optional(),
  SCAN_ENCRYPTED: flag(false),
  SCAN_TIMEOUT_SECONDS: integer({ from: 1, to: 3600, default: 60 }),
};

/** The variables of this service. */
const variables = {
  ...commonVariables,
  ...tokenVariables,
  ...corsVariables,
  ...s3Variables,
  ...scanVariables,
  STORAGE_PORT: port(8084),
  STORAGE_DIRECTORY: text('the directory that files are kept in, or S3_ENDPOINT').optional(),
  STORAGE_PUBLIC_URL: baseUrl.optional(),
  STORAGE_QUOTA_BYTES: integer({ from: 1, to: 999_999_999_999_999, default: 10 * gibibyte }),
  STORAGE_MULTIPART_MAX_BYTES: integer({ from: 1, to: 5 * gibibyte, default: 5 * gibibyte }),
  STORAGE_URL_SECRET: secret(32).optional(),
};

export interface StorageConfig extends CommonConfig, TokenConfig {
  readonly port: number;
  readonly files: FilesConfig;
  /** The base of signed URLs for a directory; without a slash at the end. */
  readonly publicUrl: string;
  readonly urlSecret: Buffer;
  readonly quotaBytes: number;
  /** Maximum size of a file that is sent in parts. */
  readonly multipartMaxBytes: number;
  readonly scan: ScanConfig;
  /** Origins of web pages that may upload and download files. */
  readonly corsOrigins: readonly string[];
}

/** Reads storage's environment. Throws a ConfigError that names each wrong variable. */
export function readStorageConfig(environment: NodeJS.ProcessEnv): StorageConfig {
  const read = readEnvironment(variables, environment);
  const base = read.STORAGE_PUBLIC_URL ?? `http://localhost:${read.STORAGE_PORT}`;
  return {
    ...commonConfig(read),
    port: read.STORAGE_PORT,
    ...tokenConfig(read),
    files: filesConfig(read),
    corsOrigins: corsOrigins(read),
    publicUrl: base.replace(/\/+$/, ''),
    urlSecret: urlSecret(read.STORAGE_URL_SECRET, read.JWT_SECRET),
    quotaBytes: read.STORAGE_QUOTA_BYTES,
    multipartMaxBytes: read.STORAGE_MULTIPART_MAX_BYTES,
    scan: {
      hook: scanHook(read.SCAN_URL, read.SCAN_COMMAND),
      encrypted: read.SCAN_ENCRYPTED,
      timeoutMs: read.SCAN_TIMEOUT_SECONDS * 1000,
    },
  };
}

/** Reads only where files are kept, for maintenance commands. Throws ConfigError likewise. */
export function readFilesConfig(environment: NodeJS.ProcessEnv): FilesConfig {
  const { STORAGE_DIRECTORY } = variables;
  return filesConfig(readEnvironment({ ...s3Variables, STORAGE_DIRECTORY }, environment));
}

function filesConfig(read: S3Values & { STORAGE_DIRECTORY: string | undefined }): FilesConfig {
  const s3 = s3Config(read);
  const { STORAGE_DIRECTORY: directory } = read;
  if (s3 === undefined) {
    if (directory !== undefined) return { kind: 'directory', directory };
    throw new ConfigError(
      'STORAGE_DIRECTORY is not set; expected the directory that files are kept in, or S3_ENDPOINT.',
    );
  }
  if (directory === undefined) return { kind: 's3', s3 };
  // Files must not end up in a different store from the one that the operator expects.
  throw new ConfigError('Set S3_ENDPOINT or STORAGE_DIRECTORY, not both.');
}

function isBaseUrl(value: string): boolean {
  const url = URL.parse(value);
  if (url === null || !/^https?:$/.test(url.protocol)) return false;
  return url.search === '' && url.hash === '' && url.username === '' && url.password === '';
}

function isOrigin(value: string): boolean {
  return isBaseUrl(value) && URL.parse(value)?.pathname === '/';
}

/** The key that signs URLs: the configured one, or one derived for this use only (RFC 5869). */
function urlSecret(own: string | undefined, jwtSecret: string): Buffer {
  if (own !== undefined) return Buffer.from(own);
  return Buffer.from(hkdfSync('sha256', jwtSecret, '', 'secureconnect storage signed urls', 32));
}
