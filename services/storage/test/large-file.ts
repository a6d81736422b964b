import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { get, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Sql } from '@secureconnect/postgres';

export interface StoredFiles {
  readonly database: Sql;
  /** The object store. */
  readonly directory: string;
}

/** Gives a user a file of zeros, which takes no space on the disk and was never uploaded. */
export async function keepLargeFile(
  { database, directory }: StoredFiles,
  userId: string,
  sizeBytes: number,
): Promise<void> {
  const objectId = randomUUID();
  const folder = join(directory, objectId.slice(0, 2));
  await mkdir(folder, { recursive: true });
  await using file = await open(join(folder, objectId), 'w');
  await file.truncate(sizeBytes);
  await database.execute(
    `INSERT INTO storage.files (file_id, owner_id, file_name, file_size, content_type, is_encrypted,
       status, object_id, sha256, created_at, reserved_until)
     VALUES ($1, $2, 'zeros.bin', $3, 'application/octet-stream', false, 'uploaded', $4, '', now(),
       now())`,
    [randomUUID(), userId, sizeBytes, objectId],
  );
}

/**
 * Streams a reply into a file; calls `onBytes` with the number of bytes so far. Rejects if the reply
 * breaks off.
 */
export async function saveTo(
  file: string,
  url: string,
  onBytes: (count: number) => void = () => undefined,
): Promise<void> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get(url, resolve).once('error', reject);
  });
  let count = 0;
  response.on('data', (chunk: Buffer) => {
    count += chunk.length;
    onBytes(count);
  });
  await pipeline(response, createWriteStream(file));
}
