import { ConfigError } from '@secureconnect/service';

/** The address of an S3 and the credentials for it. */
export interface S3Config {
  /** The base URL for this service; no path. */
  readonly endpoint: string;
  /** The base URL of the URLs for clients; no path. */
  readonly publicEndpoint: string;
  readonly region: string;
  readonly bucket: string;
  readonly accessKey: string;
  readonly secretKey: string;
}

const names = [
  'S3_ENDPOINT',
  'S3_PUBLIC_ENDPOINT',
  'S3_ACCESS_KEY',
  'S3_SECRET_KEY',
  'S3_BUCKET',
  'S3_REGION',
] as const;

/** The values of the variables. */
export type S3Values = Readonly<Record<(typeof names)[number], string | undefined>>;

/** Undefined if none is set. Throws a ConfigError that names the missing ones if some are set. */
export function s3Config(values: S3Values): S3Config | undefined {
  const missing = names.filter((name) => values[name] === undefined);
  if (missing.length === names.length) return undefined;
  const given = (name: (typeof names)[number]): string => {
    const value = values[name];
    if (value !== undefined) return value;
    throw new ConfigError(
      `${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} not set; ` +
        'expected all S3 variables, or none.',
    );
  };
  return {
    endpoint: given('S3_ENDPOINT'),
    publicEndpoint: given('S3_PUBLIC_ENDPOINT'),
    region: given('S3_REGION'),
    bucket: given('S3_BUCKET'),
    accessKey: given('S3_ACCESS_KEY'),
    secretKey: given('S3_SECRET_KEY'),
  };
}
