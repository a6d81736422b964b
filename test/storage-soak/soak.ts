import { createHash, randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { MultipartTarget, PartTarget } from '@secureconnect/contracts';
import { someone, type TestUser } from '@secureconnect/tokens/testing';
import { migrateAll } from '../../services/storage/test/harness.ts';
import { newUpload } from '../../services/storage/test/storage-client.ts';
import {
  type StorageProcess,
  startStorageProcess,
} from '../../services/storage/test/storage-process.ts';
import { watchMemory } from './memory-watch.ts';

export interface SoakOptions {
  readonly databaseUrl: string;
  /** How large the file is. */
  readonly fileBytes: number;
  readonly say: (line: string) => void;
}

/** What a soak has shown; memory is that of the service's process (VmRSS). */
export interface SoakResult {
  readonly beforeBytes: number;
  readonly peakBytes: {
    readonly upload: number;
    readonly complete: number;
    readonly download: number;
  };
  readonly seconds: {
    readonly upload: number;
    readonly complete: number;
    readonly download: number;
  };
}

/** Chunks of a part on their way, so that this process holds little as well. */
const chunk = randomBytes(1024 ** 2);

/** Sends a large file in parts, completes it, reads half of it by a range: by way of the service. */
export async function soak({ databaseUrl, fileBytes, say }: SoakOptions): Promise<SoakResult> {
  await migrateAll(databaseUrl);
  const environment = { STORAGE_QUOTA_BYTES: String(2 * fileBytes + 1024 ** 3) };
  await using storage = await startStorageProcess({ databaseUrl, environment });
  const user = someone(3600);
  // What the first requests load and compile is no matter of the size.
  const warm = await storage.upload(user, randomBytes(20 * 1024 ** 2));
  await drain(await storage.downloadUrl(user, warm), {});
  const beforeBytes = storage.memoryBytes();
  const memory = watchMemory(() => storage.memoryBytes());

  const target = await begin(storage, user, fileBytes);
  const hash = createHash('sha256');
  const upload = await memory.during(() => sendParts(storage, user, target, fileBytes, hash));
  say(`${target.part_count} parts sent in ${upload.seconds.toFixed(1)} s`);
  const sha256 = hash.digest('hex');
  const complete = await memory.during(() => finish(storage, user, target.file_id, sha256));
  say(`joined in ${complete.seconds.toFixed(1)} s`);
  const link = await storage.downloadUrl(user, target.file_id);
  const half = Math.floor(fileBytes / 2);
  const range = { range: `bytes=${half}-${fileBytes - 1}` };
  const download = await memory.during(async () => {
    const received = await drain(link, range);
    if (received !== fileBytes - half) throw new Error(`the range had ${received} bytes`);
  });
  return {
    beforeBytes,
    peakBytes: {
      upload: upload.peakBytes,
      complete: complete.peakBytes,
      download: download.peakBytes,
    },
    seconds: { upload: upload.seconds, complete: complete.seconds, download: download.seconds },
  };
}

async function begin(storage: StorageProcess, { token }: TestUser, fileBytes: number) {
  const body = newUpload(Buffer.alloc(0), { file_size: fileBytes });
  const reply = await storage.call('POST', '/v1/storage/multipart', { token, body });
  return MultipartTarget.parse(reply.body.data);
}

async function sendParts(
  storage: StorageProcess,
  { token }: TestUser,
  { file_id, part_size, part_count }: MultipartTarget,
  fileBytes: number,
  hash: ReturnType<typeof createHash>,
): Promise<void> {
  for (let number = 1; number <= part_count; number += 1) {
    const sizeBytes = Math.min(part_size, fileBytes - (number - 1) * part_size);
    const body = { part_number: number };
    const path = `/v1/storage/multipart/${file_id}/part-url`;
    const asked = await storage.call('POST', path, { token, body });
    const { upload_url, headers } = PartTarget.parse(asked.body.data);
    await put(upload_url, { ...headers, 'content-length': sizeBytes }, chunksOf(sizeBytes, hash));
  }
}

function* chunksOf(sizeBytes: number, hash: ReturnType<typeof createHash>): Generator<Buffer> {
  for (let sent = 0; sent < sizeBytes; sent += chunk.length) {
    const piece = chunk.subarray(0, Math.min(chunk.length, sizeBytes - sent));
    hash.update(piece);
    yield piece;
  }
}

async function put(
  url: string,
  headers: Readonly<Record<string, string | number>>,
  chunks: Iterable<Buffer>,
): Promise<void> {
  const sending = request(url, { method: 'PUT', headers });
  const answered = new Promise<number>((resolve, reject) => {
    sending.on('error', reject);
    sending.on('response', (response) => resolve(response.resume().statusCode ?? 0));
  });
  await pipeline(Readable.from(chunks), sending);
  const status = await answered;
  if (status !== 200) throw new Error(`PUT answered ${status}`);
}

async function finish(
  storage: StorageProcess,
  { token }: TestUser,
  fileId: string,
  sha256: string,
): Promise<void> {
  const body = { file_id: fileId, checksum_sha256: sha256 };
  const path = '/v1/storage/upload-complete';
  const { status, text } = await storage.call('POST', path, { token, body });
  if (status !== 200) throw new Error(`upload-complete answered ${status}: ${text}`);
}

/** Reads a reply to its end; resolves to the number of its bytes. */
async function drain(url: string, headers: Readonly<Record<string, string>>): Promise<number> {
  const response = await fetch(url, { headers });
  if (!response.ok || response.body === null) throw new Error(`GET answered ${response.status}`);
  let received = 0;
  const count = new Writable({
    write(piece: Buffer, _encoding, done) {
      received += piece.length;
      done();
    },
  });
  await pipeline(Readable.fromWeb(response.body), count);
  return received;
}
