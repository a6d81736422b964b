import {
  createMetrics,
  createService,
  type Logger,
  openServiceDatabase,
  probeDependency,
  repeatEvery,
  type Service,
  type ServiceMetrics,
} from '@secureconnect/service';
import {
  createTokenVerifier,
  drillsOf,
  openVerificationKeys,
  RevocationSnapshot,
  revocationsBound,
  snapshotOnly,
  startErasing,
  startExporting,
  tokenKeysOf,
} from '@secureconnect/tokens';
import type { StorageConfig } from './config.ts';
import type { RouteContext, StorageContext } from './context.ts';
import { createStoreMode, type StoreMode } from './objects/store-mode.ts';
import { createStoragePorts } from './ports.ts';
import { storageRoutes } from './routes/index.ts';
import { checkHook } from './scan/check-hook.ts';
import { openScans } from './scan/open-scans.ts';
import {
  createScanHookMode,
  type ScanHookMode,
  scanHookCheckIntervalSeconds,
} from './scan/scan-hook-mode.ts';
import { fileLists } from './stores/exported-data.ts';
import { eraseUser } from './uploads/erase-user.ts';
import { type OpenFiles, openFiles } from './uploads/open-files.ts';
import { removalsNow } from './uploads/removals.ts';
import { startSweeping } from './uploads/sweep.ts';

const name = 'storage-service';
/** Enough for 50 MiB over a slow line; a stalled body is ended much earlier. */
const maxUploadMs = 15 * 60_000;
const scanIntervalMs = 5000;

/** Builds the storage service. `overrides` replace parts of the context; tests use them. */
export async function createStorage(
  config: StorageConfig,
  log: Logger,
  overrides: Partial<StorageContext> = {},
): Promise<Service> {
  await using resources = new AsyncDisposableStack();
  const metrics = createMetrics();
  const database = openServiceDatabase({ name, config, log, resources, metrics });
  const snapshot = new RevocationSnapshot({ database, log });
  resources.defer(() => snapshot.stop());
  const verificationKeys = openVerificationKeys({ database, log, metrics, resources });

  const given = { database, ...overrides };
  const mode = createStoreMode(name);
  const scanMode = createScanHookMode(name);
  const context = await openContext({ config, log, metrics, resources, given, mode, scanMode });
  const checkScanHook = () => checkHook(config.scan.hook);
  await probeDependency({
    ...{ mode: scanMode, check: checkScanHook, resources },
    healthCheckIntervalSeconds: scanHookCheckIntervalSeconds,
  });
  await Promise.all([snapshot.start(), verificationKeys.start()]);
  resources.defer(startSweeping(context, log));
  const erase = (userId: string): Promise<void> => eraseUser(context, userId, log);
  resources.defer(startErasing({ database, log, part: 'storage', erase }));
  const listsOf = (userId: string) => fileLists(database, userId);
  resources.defer(startExporting({ database, log, part: 'storage', listsOf }));
  const run = (): Promise<void> => context.scans.runDue();
  resources.defer(repeatEvery({ intervalMs: scanIntervalMs, what: 'scanning', log, run }));

  const files: OpenFiles = context;
  return createService<RouteContext>(
    {
      ...drillsOf({ name, database, log }),
      name,
      log,
      context: { ...context, urls: context.served?.urls },
      routes: storageRoutes,
      ports: createStoragePorts({
        ...{ mode, files, removals: removalsNow(context) },
        ...{ scanMode, scans: context.scans },
      }),
      verifyToken: createTokenVerifier(tokenKeysOf(config, verificationKeys)),
      revocations: snapshotOnly(snapshot, revocationsBound.maxStalenessSeconds),
      readiness: { database: () => database.ping(), objects: () => context.objects.check() },
      trustedProxies: config.trustedProxies,
      logSecret: config.jwtSecret,
      cors: { origins: config.corsOrigins },
      requestTimeoutMs: maxUploadMs,
    },
    resources.move(),
    metrics,
  );
}

interface ContextOptions {
  readonly config: StorageConfig;
  readonly log: Logger;
  readonly metrics: ServiceMetrics;
  readonly resources: AsyncDisposableStack;
  readonly given: Pick<StorageContext, 'database'> & Partial<StorageContext>;
  readonly mode: StoreMode;
  readonly scanMode: ScanHookMode;
}

async function openContext(options: ContextOptions): Promise<StorageContext> {
  const { config, log, metrics, resources, given, mode, scanMode } = options;
  const { database, now = Date.now } = given;
  const files = await openFiles({ config, database, mode, metrics, log, now, resources });
  const { objects, transfers } = { ...files, ...given };
  const scans = openScans({
    ...{ config: config.scan, mode: scanMode },
    ...{ database, objects, transfers, metrics, log, now },
  });
  const { quotaBytes, multipartMaxBytes } = config;
  return { ...files, scans, quotaBytes, multipartMaxBytes, now, ...given };
}

export { readStorageConfig, type StorageConfig } from './config.ts';
export { storageRoutes } from './routes/index.ts';
