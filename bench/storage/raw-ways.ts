import { randomUUID } from 'node:crypto';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { openS3Client } from '../../services/storage/src/objects/s3/s3-client.ts';
import type { S3Config } from '../../services/storage/src/objects/s3/s3-config.ts';
import { sizeOf } from './http.ts';
import type { Target, Way } from './ways.ts';

const many = (count: number, make: () => Target): Target[] => Array.from({ length: count }, make);
const nothingToSettle = async (): Promise<void> => undefined;

/** Files of this process's own, each written durably. */
export function rawDirectory(directory: string): Way {
  const target = (): Target => {
    const path = join(directory, randomUUID());
    return {
      async put(bytes) {
        await using file = await open(path, 'wx');
        await file.writeFile(bytes);
        await file.sync();
      },
      settle: nothingToSettle,
      async get() {
        await using file = await open(path);
        // Read to the end here: the file is closed when this returns.
        const bytes = await sizeOf(file.createReadStream({ autoClose: false }));
        return bytes;
      },
    };
  };
  return { name: 'directory, raw', targets: async (count) => many(count, target) };
}

/** Objects in a bucket, by the client library itself; the connections end with `resources`. */
export function rawS3(config: S3Config, resources: AsyncDisposableStack): Way {
  const { client, close } = openS3Client(config.endpoint, config);
  resources.defer(close);
  const target = (): Target => {
    const name = `raw-${randomUUID()}`;
    return {
      async put(bytes) {
        await client.putObject(config.bucket, name, bytes, bytes.length);
      },
      settle: nothingToSettle,
      get: async () => sizeOf(await client.getObject(config.bucket, name)),
    };
  };
  return { name: 'S3, raw', targets: async (count) => many(count, target) };
}
