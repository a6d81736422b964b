import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { migratedPostgres } from '../support/servers.ts';
import { TemporaryFolder } from '../support/temporary-folder.ts';
import { bareHttp } from './bare-http-way.ts';
import { presigned } from './presigned-way.ts';
import { rawDirectory, rawS3 } from './raw-ways.ts';
import { startS3 } from './s3-server.ts';
import { type StorageService, startService } from './service.ts';
import type { Way } from './ways.ts';

/** All that is measured, with its servers. */
export interface Scene extends AsyncDisposable {
  readonly ways: readonly Way[];
  /** The services by where their files are. */
  readonly services: readonly { readonly store: string; readonly service: StorageService }[];
}

/** Starts PostgreSQL, durable as under `npm start`, an S3 where there is one, and the services. */
export async function openScene(): Promise<Scene> {
  await using parts = new AsyncDisposableStack();
  const folder = parts.use(new TemporaryFolder());
  const place = (name: string): string => {
    const path = join(folder.path, name);
    mkdirSync(path);
    return path;
  };
  const DATABASE_URL = await migratedPostgres(['auth', 'storage'], parts);
  const inDirectory = await startService(
    { DATABASE_URL, STORAGE_DIRECTORY: place('files') },
    parts,
  );
  const ways: Way[] = [
    rawDirectory(place('raw')),
    await bareHttp(place('bare'), parts),
    presigned('directory, presigned', inDirectory, { servesBytes: true }),
  ];
  const served = [{ store: 'a directory', service: inDirectory }];
  const s3 = await startS3(parts);
  if (s3 !== undefined) {
    const inS3 = await startService({ DATABASE_URL, ...variablesOf(s3) }, parts);
    ways.push(rawS3(s3, parts), presigned('S3, presigned', inS3, { servesBytes: false }));
    served.push({ store: 'an S3', service: inS3 });
  }
  const owned = parts.move();
  return { ways, services: served, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

function variablesOf(s3: NonNullable<Awaited<ReturnType<typeof startS3>>>): NodeJS.ProcessEnv {
  return {
    S3_ENDPOINT: s3.endpoint,
    S3_PUBLIC_ENDPOINT: s3.publicEndpoint,
    S3_REGION: s3.region,
    S3_BUCKET: s3.bucket,
    S3_ACCESS_KEY: s3.accessKey,
    S3_SECRET_KEY: s3.secretKey,
  };
}
