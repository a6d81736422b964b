import { mkdir } from 'node:fs/promises';
import {
  ConfigError,
  createService,
  type Logger,
  openServiceDatabase,
  type Service,
} from '@secureconnect/service';
import { createTokenVerifier, RevocationSnapshot, snapshotOnly } from '@secureconnect/tokens';
import type { StorageConfig } from './config.ts';
import type { StorageContext } from './context.ts';
import { DirectoryStore } from './objects/directory-store.ts';
import { createStoragePorts } from './ports.ts';
import { storageRoutes } from './routes/index.ts';
import { SignedUrls } from './signed-urls.ts';
import { startSweeping } from './sweep.ts';

const name = 'storage-service';
/** As elsewhere for reading tokens; here there is no Redis that would know better. */
const maxStalenessSeconds = 60;
/** 50 MiB over a slow line; a body that stalls is ended long before. */
const longestUploadMs = 15 * 60_000;

/** Builds the storage service. `overrides` replace parts of the context; tests use them. */
export async function createStorage(
  config: StorageConfig,
  log: Logger,
  overrides: Partial<StorageContext> = {},
): Promise<Service> {
  await using resources = new AsyncDisposableStack();
  const database = openServiceDatabase({ name, config, log, resources });
  const snapshot = new RevocationSnapshot({ database, log });
  resources.defer(() => snapshot.stop());

  const context = await openContext(config, log, { database, ...overrides });
  await snapshot.start();
  resources.defer(startSweeping(context, log));

  return createService(
    {
      name,
      log,
      context,
      routes: storageRoutes,
      ports: createStoragePorts(),
      verifyToken: createTokenVerifier({ secret: config.jwtSecret }),
      revocations: snapshotOnly(snapshot, maxStalenessSeconds),
      readiness: { database: () => database.ping(), objects: () => context.objects.check() },
      trustedProxies: config.trustedProxies,
      requestTimeoutMs: longestUploadMs,
    },
    resources.move(),
  );
}

async function openContext(
  { directory, publicUrl, quotaBytes, urlSecret: secret }: StorageConfig,
  log: Logger,
  given: Pick<StorageContext, 'database'> & Partial<StorageContext>,
): Promise<StorageContext> {
  const now = given.now ?? Date.now;
  const objects = given.objects ?? (await openDirectory(directory, log));
  return { objects, urls: new SignedUrls({ secret, publicUrl, now }), quotaBytes, now, ...given };
}

/** Throws a ConfigError when files cannot be kept there. */
async function openDirectory(directory: string, log: Logger): Promise<DirectoryStore> {
  const store = new DirectoryStore({ directory, log });
  try {
    await mkdir(directory, { recursive: true });
    await store.check();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ConfigError(
      `STORAGE_DIRECTORY is "${directory}"; expected a directory that can be written: ${why}.`,
    );
  }
  return store;
}

export { readStorageConfig, type StorageConfig } from './config.ts';
export { storageRoutes } from './routes/index.ts';
