import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError, createLogger } from '@secureconnect/service';
import { jwtSecret } from '@secureconnect/tokens/testing';
import { describe, expect, it } from 'vitest';
import { createStorage, readStorageConfig } from '../src/index.ts';

const given = {
  DATABASE_URL: 'postgresql://localhost/x',
  JWT_SECRET: jwtSecret,
  STORAGE_DIRECTORY: '/files',
};

const s3 = {
  S3_ENDPOINT: 'http://s3:9000',
  S3_PUBLIC_ENDPOINT: 'https://files.example.com',
  S3_ACCESS_KEY: 'name',
  S3_SECRET_KEY: 'secret',
  S3_BUCKET: 'files',
  S3_REGION: 'us-east-1',
};

describe('the configuration of storage', () => {
  it('has a default for every setting that can have one', () => {
    expect(readStorageConfig(given)).toMatchObject({
      port: 8084,
      files: { kind: 'directory', directory: '/files' },
      publicUrl: 'http://localhost:8084',
      quotaBytes: 10_737_418_240,
      multipartMaxBytes: 5_368_709_120,
      scan: { hook: { kind: 'none' }, encrypted: false, timeoutMs: 60_000 },
    });
    expect(readStorageConfig({ ...given, STORAGE_PORT: '9000' }).publicUrl).toBe(
      'http://localhost:9000',
    );
  });

  it('derives a different secret for URLs from the one of tokens', () => {
    const { urlSecret } = readStorageConfig(given);
    expect(urlSecret).toHaveLength(32);
    expect(urlSecret.toString()).not.toContain(jwtSecret);
    expect(readStorageConfig(given).urlSecret.equals(urlSecret)).toBe(true);
    const other = readStorageConfig({ ...given, JWT_SECRET: `${jwtSecret}!` });
    expect(other.urlSecret.equals(urlSecret)).toBe(false);
    const own = 'b'.repeat(32);
    expect(String(readStorageConfig({ ...given, STORAGE_URL_SECRET: own }).urlSecret)).toBe(own);
  });

  it.each([
    [{ STORAGE_DIRECTORY: '' }, 'STORAGE_DIRECTORY is not set'],
    [{ STORAGE_PORT: '99999' }, 'STORAGE_PORT is "99999"; expected a whole number'],
    [{ STORAGE_QUOTA_BYTES: '-1' }, 'STORAGE_QUOTA_BYTES is "-1"'],
    [{ STORAGE_PUBLIC_URL: 'ftp://host' }, 'STORAGE_PUBLIC_URL has a value that is not allowed'],
    [{ STORAGE_PUBLIC_URL: 'http://host/?a=b' }, 'expected an http:// or https:// URL'],
    [{ STORAGE_URL_SECRET: 'short' }, 'STORAGE_URL_SECRET has a value that is not allowed'],
    [{ STORAGE_MULTIPART_MAX_BYTES: '5368709121' }, 'STORAGE_MULTIPART_MAX_BYTES is "5368709121"'],
    [{ S3_BUCKET: 'b' }, 'S3_BUCKET is "b"; expected 3 to 63 of a-z'],
    [{ S3_ENDPOINT: 'http://s3/path' }, 'S3_ENDPOINT is "http://s3/path"'],
    [
      { S3_ENDPOINT: 'http://s3', S3_BUCKET: 'files' },
      'S3_PUBLIC_ENDPOINT, S3_ACCESS_KEY, S3_SECRET_KEY, S3_REGION are not set',
    ],
    [{ ...s3, S3_REGION: '' }, 'S3_REGION is not set; expected all S3 variables, or none'],
    [s3, 'Set S3_ENDPOINT or STORAGE_DIRECTORY, not both'],
    [
      { SCAN_URL: 'http://scan', SCAN_COMMAND: '/bin/true' },
      'Set SCAN_URL or SCAN_COMMAND, not both',
    ],
    [{ SCAN_ENCRYPTED: 'yes' }, 'SCAN_ENCRYPTED is "yes"; expected true or false'],
  ])('%j is refused and named', (change, message) => {
    const read = () => readStorageConfig({ ...given, ...change });
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(message);
  });

  it('has an S3 instead of the directory', () => {
    const { files } = readStorageConfig({ ...given, ...s3, STORAGE_DIRECTORY: '' });
    expect(files).toEqual({
      kind: 's3',
      s3: {
        endpoint: 'http://s3:9000',
        publicEndpoint: 'https://files.example.com',
        region: 'us-east-1',
        bucket: 'files',
        accessKey: 'name',
        secretKey: 'secret',
      },
    });
  });

  it('accepts an empty S3 variable', () => {
    expect(() => readStorageConfig({ ...given, S3_BUCKET: '' })).not.toThrow();
  });

  it('is refused if the directory cannot be created', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'storage-'));
    const file = join(folder, 'file');
    await writeFile(file, '');
    const config = readStorageConfig({ ...given, STORAGE_DIRECTORY: join(file, 'x') });
    const log = createLogger({ service: 'storage', level: 'fatal' });
    await expect(createStorage(config, log)).rejects.toThrow('STORAGE_DIRECTORY is');
    await rm(folder, { recursive: true });
  });
});
