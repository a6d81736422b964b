import type { DegradedMode, Reconciler, Settings } from '@secureconnect/degraded-mode';
import type { Database } from '@secureconnect/postgres';
import {
  measureBus,
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
  type ServiceDeps,
  type VerifyToken,
} from '@secureconnect/service';
import { type TokenConfig, tokenKeysOf } from './config.ts';
import { drillsOf } from './follow-drills.ts';
import { openVerificationKeys, type VerificationKeys } from './keys/verification-keys.ts';
import type { TokenKeys } from './keys/verify-jws.ts';
import { revocationReconciler } from './redis-revocations.ts';
import { RevocationFeed } from './revocation-feed.ts';
import { RevocationSnapshot } from './revocation-snapshot.ts';
import { createTokenVerifier } from './verifier.ts';

export interface ServiceConnectionsOptions extends ServiceDatabaseOptions {
  readonly config: CommonConfig & { readonly redis: RedisConfig } & TokenConfig;
  /** The settings that select fallbacks of this service's routes. Default: none. */
  readonly settings?: Settings;
}

/** The connections and revocation checks of every service that uses Redis. */
export interface ServiceConnections {
  readonly database: Database;
  readonly mode: DegradedMode;
  /** Of this process, for its service. */
  readonly drills: Pick<ServiceDeps<unknown>, 'instance' | 'followDrills'>;
  readonly redis: RedisConnection;
  readonly snapshot: RevocationSnapshot;
  readonly verifyToken: VerifyToken;
  /** What signatures of tokens and tickets are verified with. */
  readonly tokenKeys: TokenKeys;
  /** The public keys among them. */
  readonly verificationKeys: VerificationKeys;
  /** For sockets and other long-lived uses of tokens. Pass its reconciler to `start`. */
  feedRevocations(options: { maxStalenessSeconds: number }): RevocationFeed;
  /**
   * Takes the first snapshot and contacts Redis. `reconcilers` run in this order, after the
   * reconciler of revocations and before the flag flips back.
   */
  start(reconcilers?: readonly Reconciler[]): Promise<void>;
}

/** Opens them; they close with `resources`. A separate module, so that storage does not load it. */
export function openServiceConnections(options: ServiceConnectionsOptions): ServiceConnections {
  const { name, config, log, resources, metrics, settings } = options;
  const database = openServiceDatabase(options);
  const mode = redisMode(name, config.redis, settings);
  const onHeard = measureBus(metrics, name);
  const redis = openRedis({ config: config.redis, mode, log, onHeard });
  resources.defer(() => redis.close());
  const { address } = config.redis;
  resources.defer(measureSentinels({ address, metrics, service: name, log }));
  const snapshot = new RevocationSnapshot({ database, log });
  resources.defer(() => snapshot.stop());
  const verificationKeys = openVerificationKeys({ database, log, metrics, resources });
  const tokenKeys = tokenKeysOf(config, verificationKeys);
  const drills = drillsOf({ name, database, log });
  return {
    database,
    mode,
    drills,
    redis,
    snapshot,
    verifyToken: createTokenVerifier(tokenKeys),
    tokenKeys,
    verificationKeys,
    feedRevocations({ maxStalenessSeconds }) {
      const feed = new RevocationFeed({ redis, snapshot, database, log, maxStalenessSeconds });
      resources.defer(() => feed.stop());
      return feed;
    },
    async start(reconcilers = []) {
      await Promise.all([snapshot.start(), verificationKeys.start()]);
      await redis.start([revocationReconciler(redis.commands, snapshot), ...reconcilers]);
    },
  };
}
