import { hkdfSync } from 'node:crypto';
import {
  type CommonConfig,
  ConfigError,
  commonConfig,
  commonVariables,
  integer,
  port,
  readEnvironment,
  secret,
  text,
} from '@secureconnect/service';
import { tokenVariables } from '@secureconnect/tokens';

const tenGiB = 10 * 1024 ** 3;

const publicUrl = text('an http:// or https:// URL without query').refine(isBaseUrl, {
  error: 'an http:// or https:// URL without query',
});

/** The variables of this service. */
const variables = {
  ...commonVariables,
  ...tokenVariables,
  STORAGE_PORT: port(8084),
  STORAGE_DIRECTORY: text('the directory that files are kept in'),
  STORAGE_PUBLIC_URL: publicUrl.optional(),
  STORAGE_QUOTA_BYTES: integer({ from: 1, to: 999_999_999_999_999, otherwise: tenGiB }),
  STORAGE_URL_SECRET: secret(32).optional(),
};

export interface StorageConfig extends CommonConfig {
  readonly port: number;
  readonly jwtSecret: string;
  readonly directory: string;
  /** What signed URLs begin with; no slash at the end. */
  readonly publicUrl: string;
  readonly quotaBytes: number;
  readonly urlSecret: Buffer;
}

/** Reads the environment. Throws a ConfigError that names each variable that is wrong. */
export function readStorageConfig(environment: NodeJS.ProcessEnv): StorageConfig {
  refuseObjectStore(environment);
  const read = readEnvironment(variables, environment);
  const base = read.STORAGE_PUBLIC_URL ?? `http://localhost:${read.STORAGE_PORT}`;
  return {
    ...commonConfig(read),
    port: read.STORAGE_PORT,
    jwtSecret: read.JWT_SECRET,
    directory: read.STORAGE_DIRECTORY,
    publicUrl: base.replace(/\/+$/, ''),
    quotaBytes: read.STORAGE_QUOTA_BYTES,
    urlSecret: urlSecret(read.STORAGE_URL_SECRET, read.JWT_SECRET),
  };
}

/** Files that an operator believes to be in S3 must not end up in a directory. */
function refuseObjectStore(environment: NodeJS.ProcessEnv): void {
  const names = Object.keys(environment).filter((name) => name.startsWith('S3_'));
  const given = names.filter((name) => environment[name] !== '').sort();
  if (given.length === 0) return;
  throw new ConfigError(
    `S3 object stores are not supported by this version; unset ${given.join(', ')}. ` +
      'Files are kept in STORAGE_DIRECTORY.',
  );
}

function isBaseUrl(value: string): boolean {
  const url = URL.parse(value);
  if (url === null || !/^https?:$/.test(url.protocol)) return false;
  return url.search === '' && url.hash === '' && url.username === '' && url.password === '';
}

/** The key that URLs are signed with: its own, or one that only this use derives (RFC 5869). */
function urlSecret(own: string | undefined, jwtSecret: string): Buffer {
  if (own !== undefined) return Buffer.from(own);
  return Buffer.from(hkdfSync('sha256', jwtSecret, '', 'secureconnect storage signed urls', 32));
}
