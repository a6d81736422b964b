import type { Reconciler } from '@secureconnect/degraded-mode';
import type { Database } from '@secureconnect/postgres';
import type { RedisCommands } from '@secureconnect/redis';
import type { Identity, RevocationCheck } from '@secureconnect/service';
import { maxIdsAtOnce, type Revocation, revocationsChannel } from './revocation.ts';
import type { RevocationSnapshot } from './revocation-snapshot.ts';
import { isRevokedInSql } from './revoked-tokens.ts';

/** Where auth makes revocations known; apart from the check, because it may never fail open. */
export interface RevocationPublisher {
  /**
   * Makes revocations known at once to every process. Their truth is the row in SQL; a key here
   * without that row (a write that timed out, then was rolled back) revokes nothing.
   */
  add(revocations: readonly Revocation[]): Promise<void>;
}

/**
 * The fast path. The snapshot is asked too, so that a key that Redis has lost is still revoked;
 * a key that only Redis has is confirmed in SQL, because a write that timed out may have run.
 */
export function redisRevocations(
  redis: RedisCommands,
  snapshot: RevocationSnapshot,
  database: Database,
): RevocationCheck {
  return {
    async isRevoked(identity: Identity) {
      if (snapshot.holds(identity)) return true;
      const ids = [identity.tokenId, identity.sessionId];
      // A command each: in a cluster the two may be on different servers.
      const found = await Promise.all(ids.map((id) => redis.exists(redis.keyspace.revocation(id))));
      snapshot.redisAnswered();
      return found.includes(1) && (await isRevokedInSql(database, ids));
    },
  };
}

export function redisRevocationPublisher(redis: RedisCommands): RevocationPublisher {
  return {
    async add(revocations) {
      await publish(redis, revocations);
      // After the keys: who is told of an id finds its key. Before the commit: who misses this
      // message makes the caller fail, and nothing was revoked.
      for (const batch of batchesOf(revocations)) {
        await redis.publish(revocationsChannel(redis), JSON.stringify(batch.map(({ id }) => id)));
      }
    },
  };
}

/** On recovery: every unexpired revocation is in Redis again before anybody relies on it. */
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
