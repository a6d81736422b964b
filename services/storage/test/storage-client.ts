import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { UploadTarget } from '@secureconnect/contracts';
import type { Database } from '@secureconnect/postgres';
import { type CallOptions, call, type Reply } from '@secureconnect/testkit';
import type { TestUser } from '@secureconnect/tokens/testing';
import { readFilesConfig } from '../src/config.ts';
import { openS3Client } from '../src/objects/s3/s3-client.ts';
import { SignedUrls } from '../src/signed-urls.ts';

export interface TestStorage extends AsyncDisposable {
  readonly url: string;
  readonly databaseUrl: string;
  readonly database: Database;
  readonly directory: string;
  /** The variables that say where its files are. */
  readonly filesEnvironment: NodeJS.ProcessEnv;
  call(method: string, path: string, options?: CallOptions): Promise<Reply>;
  /** Asks for a URL to send `bytes` to. */
  reserve(user: TestUser, bytes: Buffer, fields?: object): Promise<UploadTarget>;
  /** The whole flow; returns the id of the uploaded file. */
  upload(user: TestUser, bytes: Buffer, fields?: object): Promise<string>;
  /** Where a client of this instance would go, by a URL that it was given. */
  reach(signedUrl: string): string;
  /** A URL for the same thing as an upload URL, signed with a different key. */
  forgedUrl(uploadUrl: string): Promise<string>;
  /** A URL for the bytes of a file, on this instance. */
  downloadUrl(user: TestUser, fileId: string): Promise<string>;
  /** The names of everything in the object store. */
  stored(): Promise<string[]>;
  /** What the quota route says. */
  quota(user: TestUser): Promise<unknown>;
}

/** Where a service is, and what it stands on. */
export type StorageParts = Pick<
  TestStorage,
  'url' | 'databaseUrl' | 'database' | 'directory' | 'filesEnvironment'
>;

/** A client of a service; `stack` is disposed of with it. */
export function clientOf(parts: StorageParts, stack: AsyncDisposableStack): TestStorage {
  const { url } = parts;
  const storage: TestStorage = {
    ...parts,
    call: (method, path, options) => call(url, method, path, { ...options, anyReply: true }),
    reach: (signedUrl) => (isOfStorage(signedUrl) ? here(url, signedUrl) : signedUrl),
    async reserve({ token }, bytes, fields = {}) {
      const body = newUpload(bytes, fields);
      const reply = await storage.call('POST', '/v1/storage/upload-url', { token, body });
      return UploadTarget.parse(reply.body.data);
    },
    async upload(user, bytes, fields) {
      const target = await storage.reserve(user, bytes, fields);
      await send(storage.reach(target.upload_url), bytes, target.headers);
      const body = { file_id: target.file_id, checksum_sha256: sha256(bytes) };
      const { token } = user;
      const done = await storage.call('POST', '/v1/storage/upload-complete', { token, body });
      if (done.status !== 200) throw new Error(`upload-complete: ${done.text}`);
      return target.file_id;
    },
    async downloadUrl({ token }, fileId) {
      const reply = await storage.call('GET', `/v1/storage/download-url/${fileId}`, { token });
      return storage.reach(String(reply.body.data?.['download_url']));
    },
    forgedUrl: (uploadUrl) => forgedUrl(uploadUrl, parts.filesEnvironment),
    async stored() {
      const entries = await readdir(parts.directory, { recursive: true, withFileTypes: true });
      return entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
    },
    async quota({ token }) {
      return (await storage.call('GET', '/v1/storage/quota', { token })).body.data;
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
  return storage;
}

/** A body for upload-url that announces these bytes. */
export function newUpload(bytes: Buffer, fields: object = {}): object {
  return {
    file_name: 'notes.txt',
    file_size: bytes.length,
    content_type: 'text/plain',
    is_encrypted: false,
    ...fields,
  };
}

/** A signed URL names the public address; tests ask the instance itself. */
export function here(url: string, signedUrl: string): string {
  const { pathname, search } = new URL(signedUrl);
  return `${url}${pathname}${search}`;
}

/** As the service would sign it, with another secret. */
async function forgedUrl(uploadUrl: string, environment: NodeJS.ProcessEnv): Promise<string> {
  const { origin, pathname, searchParams } = new URL(uploadUrl);
  const id = pathname.split('/').at(-1) ?? '';
  const files = readFilesConfig(environment);
  if (files.kind === 's3') {
    const config = { ...files.s3, secretKey: 'another secret of an S3' };
    const { client, close } = openS3Client(config.endpoint, config);
    close();
    return client.presignedUrl('PUT', config.bucket, id, 900, {}, new Date());
  }
  const secret = Buffer.alloc(32, 'another secret');
  const urls = new SignedUrls({ secret, publicUrl: origin, now: Date.now });
  const contentType = searchParams.get('type') ?? '';
  return urls.upload(id, { sizeBytes: Number(searchParams.get('length')), contentType }).url;
}

function isOfStorage(signedUrl: string): boolean {
  return new URL(signedUrl).pathname.startsWith('/v1/storage/');
}

export async function send(
  url: string,
  bytes: Buffer,
  headers: Readonly<Record<string, string>>,
): Promise<Reply> {
  const { origin, pathname, search } = new URL(url);
  return call(origin, 'PUT', `${pathname}${search}`, { bytes, headers, anyReply: true });
}

export function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
