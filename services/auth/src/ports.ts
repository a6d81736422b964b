import { definePorts } from '@secureconnect/degraded-mode';
import type { Database } from '@secureconnect/postgres';
import type { Bus } from '@secureconnect/realtime';
import type { RedisCommands } from '@secureconnect/redis';
import type { RevocationSnapshot } from '@secureconnect/tokens';
import {
  redisRevocationPublisher,
  redisRevocations,
} from '@secureconnect/tokens/redis-revocations';
import { durableDirectory, redisDirectory, skippedDirectory } from './ports/directory.ts';
import { redisDrills } from './ports/drills.ts';
import { durableRevocations } from './ports/durable-revocations.ts';
import { announcedKeyNotices, skippedKeyNotices } from './ports/key-notices.ts';
import {
  noNewSessions,
  type SessionSettings,
  statelessNewSessions,
  storedNewSessions,
} from './ports/new-sessions.ts';
import { durableResetTokens, redisResetTokens } from './ports/reset-tokens.ts';
import { durableSessions, redisSessions } from './ports/sessions.ts';
import { LocalLocks, redisLocks } from './ports/subject-locks.ts';

export interface PortDeps {
  readonly redis: RedisCommands;
  readonly database: Database;
  readonly snapshot: RevocationSnapshot;
  readonly settings: SessionSettings;
  readonly bus: Bus;
}

/** Every use that auth makes of Redis, and beside each what may stand in for it. */
export function createAuthPorts({ redis, database, snapshot, settings, bus }: PortDeps) {
  const sessions = { redis: redisSessions(redis, database), durable: durableSessions(database) };
  return definePorts({
    sessions,
    newSessions: {
      redis: storedNewSessions(sessions.redis, database, settings),
      durable: storedNewSessions(sessions.durable, database, settings),
      local: statelessNewSessions(database, settings),
      skip: noNewSessions(database),
    },
    failedLogins: {
      redis: redisLocks(redis, redis.keyspace.failedLogins),
      local: new LocalLocks(),
    },
    blacklist: { redis: redisRevocationPublisher(redis), durable: durableRevocations() },
    revocations: { redis: redisRevocations(redis, snapshot, database), snapshot },
    directory: {
      redis: redisDirectory(redis, database),
      durable: durableDirectory(database),
      skip: skippedDirectory(),
    },
    drills: { redis: redisDrills(redis) },
    keyNotices: { redis: announcedKeyNotices(bus), skip: skippedKeyNotices() },
    resetTokens: {
      redis: redisResetTokens(redis, database),
      durable: durableResetTokens(database),
    },
  });
}

export type AuthPorts = ReturnType<typeof createAuthPorts>;
