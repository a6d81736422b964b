import { definePorts } from '@secureconnect/degraded-mode';
import type { Database } from '@secureconnect/postgres';
import type { RedisCommands } from '@secureconnect/redis';
import {
  type RevocationSnapshot,
  redisRevocationPublisher,
  redisRevocations,
} from '@secureconnect/tokens';
import { durableDirectory, redisDirectory, skippedDirectory } from './ports/directory.ts';
import {
  noNewSessions,
  redisNewSessions,
  type SessionSettings,
  statelessNewSessions,
} from './ports/new-sessions.ts';
import { redisResetTokens } from './ports/reset-tokens.ts';
import { redisSessions } from './ports/sessions.ts';
import { LocalLocks, redisLocks } from './ports/subject-locks.ts';

export interface PortDeps {
  readonly redis: RedisCommands;
  readonly database: Database;
  readonly snapshot: RevocationSnapshot;
  readonly settings: SessionSettings;
}

/** Every use that auth makes of Redis, and beside each what may stand in for it. */
export function createAuthPorts({ redis, database, snapshot, settings }: PortDeps) {
  const sessions = redisSessions(redis, database);
  return definePorts({
    sessions: { redis: sessions },
    newSessions: {
      redis: redisNewSessions(sessions, database, settings),
      local: statelessNewSessions(database, settings),
      skip: noNewSessions(),
    },
    failedLogins: {
      redis: redisLocks(redis, redis.keyspace.failedLogins),
      local: new LocalLocks(),
    },
    blacklist: { redis: redisRevocationPublisher(redis) },
    revocations: { redis: redisRevocations(redis, snapshot, database), snapshot },
    directory: {
      redis: redisDirectory(redis, database),
      durable: durableDirectory(database),
      skip: skippedDirectory(),
    },
    resetTokens: { redis: redisResetTokens(redis, database) },
  });
}

export type AuthPorts = ReturnType<typeof createAuthPorts>;
