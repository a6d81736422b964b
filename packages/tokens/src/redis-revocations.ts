import type { Reconciler } from '@secureconnect/degraded-mode';
import type { Database } from '@secureconnect/postgres';
import { createAnyExists, type RedisCommands } from '@secureconnect/redis';
import type { Identity, RevocationCheck } from '@secureconnect/service';
import { maxIdsAtOnce, type Revocation, revocationsChannel } from './revocation.ts';
import type { RevocationSnapshot } from './revocation-snapshot.ts';
import { isRevokedInSql } from './revoked-tokens.ts';

/** How auth publishes revocations. Separate from the check, because it may never fail open. */
export interface RevocationPublisher {
  /**
   * Publishes revocations to every process at once. SQL is the truth: a key without a row in SQL
   * (after a write that timed out and a rollback) revokes nothing.
   */
  add(revocations: readonly Revocation[]): Promise<void>;
}

/**
 * The fast path. It also checks the snapshot, for keys that Redis has lost. A key that only Redis
 * has is confirmed in SQL, because it may be from a write that timed out.
 */
export function redisRevocations(
  redis: RedisCommands,
  snapshot: RevocationSnapshot,
  database: Database,
): RevocationCheck {
  const anyExists = createAnyExists(redis);
  return {
    async isRevoked(identity: Identity) {
      if (snapshot.holds(identity)) return true;
      const ids = [identity.tokenId, identity.sessionId];
      const isFound = await anyExists(ids.map((id) => redis.keyspace.revocation(id)));
      snapshot.redisAnswered();
      return isFound && (await isRevokedInSql(database, ids));
    },
  };
}

export function redisRevocationPublisher(redis: RedisCommands): RevocationPublisher {
  return {
    async add(revocations) {
      await publish(redis, revocations);
      // After the keys, so that processes that receive an id find its key. Before the commit, so
      // that a failed announcement makes the caller fail and revoke nothing.
      for (const batch of batchesOf(revocations)) {
        await redis.publish(revocationsChannel(redis), JSON.stringify(batch.map(({ id }) => id)));
      }
    },
  };
}

/** On recovery, writes every unexpired revocation to Redis before Redis is used again. */
export function revocationReconciler(
  redis: RedisCommands,
  snapshot: RevocationSnapshot,
): Reconciler {
  return {
    name: 'revocations',
    async run() {
      await snapshot.refreshNow();
      await publish(redis, snapshot.revocations());
    },
  };
}

async function publish(redis: RedisCommands, revocations: readonly Revocation[]): Promise<void> {
  for (const batch of batchesOf(revocations)) {
    await Promise.all(
      batch.map(({ id, expiresAtMs }) =>
        redis.set(redis.keyspace.revocation(id), '1', 'PXAT', expiresAtMs),
      ),
    );
  }
}

function batchesOf(revocations: readonly Revocation[]): (readonly Revocation[])[] {
  const batches = Math.ceil(revocations.length / maxIdsAtOnce);
  return Array.from({ length: batches }, (_, index) =>
    revocations.slice(index * maxIdsAtOnce, (index + 1) * maxIdsAtOnce),
  );
}
