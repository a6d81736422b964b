import type { DegradedMode, Reconciler } from '@secureconnect/degraded-mode';
import type { Database } from '@secureconnect/postgres';
import {
  measureSentinels,
  openRedis,
  type RedisConfig,
  type RedisConnection,
  redisMode,
} from '@secureconnect/redis';
import {
  type CommonConfig,
  openServiceDatabase,
  type ServiceDatabaseOptions,
  type VerifyToken,
} from '@secureconnect/service';
import { revocationReconciler } from './redis-revocations.ts';
import { RevocationFeed } from './revocation-feed.ts';
import { RevocationSnapshot } from './revocation-snapshot.ts';
import { createTokenVerifier } from './verifier.ts';

export interface BackendOptions extends ServiceDatabaseOptions {
  readonly config: CommonConfig & { readonly redis: RedisConfig; readonly jwtSecret: string };
  /** What the fallbacks of this service's routes may depend on. Default none. */
  readonly settings?: Readonly<Record<string, boolean>>;
}

/** What every service that uses Redis opens before it builds its own parts. */
export interface Backends {
  readonly database: Database;
  readonly mode: DegradedMode;
  readonly redis: RedisConnection;
  readonly snapshot: RevocationSnapshot;
  readonly verifyToken: VerifyToken;
  /** For what lasts longer than a request, such as sockets; give its reconciler to `start`. */
  feedRevocations(options: { maxStalenessSeconds: number }): RevocationFeed;
  /**
   * Takes the first snapshot and makes first contact. `reconcilers` run in this order, after that of
   * the revocations, before the flag flips back.
   */
  start(reconcilers?: readonly Reconciler[]): Promise<void>;
}

/** Opens them; they are closed with `resources`. A module of its own, so storage never loads it. */
export function openBackends(options: BackendOptions): Backends {
  const { name, config, log, resources, metrics, settings } = options;
  const database = openServiceDatabase(options);
  const mode = redisMode(name, config.redis, settings);
  const redis = openRedis({ config: config.redis, mode, log });
  resources.defer(() => redis.close());
  const { address } = config.redis;
  resources.defer(measureSentinels({ address, metrics, service: name, log }));
  const snapshot = new RevocationSnapshot({ database, log });
  resources.defer(() => snapshot.stop());
  return {
    database,
    mode,
    redis,
    snapshot,
    verifyToken: createTokenVerifier({ secret: config.jwtSecret }),
    feedRevocations({ maxStalenessSeconds }) {
      const feed = new RevocationFeed({ redis, snapshot, database, log, maxStalenessSeconds });
      resources.defer(() => feed.stop());
      return feed;
    },
    async start(reconcilers = []) {
      await snapshot.start();
      await redis.start([revocationReconciler(redis.commands, snapshot), ...reconcilers]);
    },
  };
}
