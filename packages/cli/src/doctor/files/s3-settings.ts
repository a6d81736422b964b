import { CannotLook } from '../outcome.ts';
import type { Settings } from '../settings.ts';

/** The bucket of storage, as storage reads it. */
export interface S3Settings {
  readonly endpoint: URL;
  readonly publicEndpoint: URL;
  readonly region: string;
  readonly bucket: string;
  readonly accessKey: string;
  readonly secretKey: string;
}

/** Throws CannotLook if the variables do not name a bucket. */
export function s3Settings(settings: Settings): S3Settings {
  if (settings.get('S3_ENDPOINT') === undefined) {
    throw new CannotLook('S3_ENDPOINT is not set: files are in a directory');
  }
  const given = (name: string): string => {
    const value = settings.get(name);
    if (value === undefined) throw new CannotLook(`${name} is not set`);
    return value;
  };
  const url = (name: string): URL => {
    const value = given(name);
    if (!/^https?:\/\//.test(value) || !URL.canParse(value)) {
      throw new CannotLook(`${name} is not an http:// or https:// URL`);
    }
    return new URL(value);
  };
  return {
    endpoint: url('S3_ENDPOINT'),
    publicEndpoint: url('S3_PUBLIC_ENDPOINT'),
    region: given('S3_REGION'),
    bucket: given('S3_BUCKET'),
    accessKey: given('S3_ACCESS_KEY'),
    secretKey: given('S3_SECRET_KEY'),
  };
}
