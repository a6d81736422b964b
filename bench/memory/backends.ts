import { randomBytes, randomUUID } from 'node:crypto';
import type { RedisServer } from '@secureconnect/embedded';
import { openDatabase } from '@secureconnect/postgres';
import { createTokenSigner } from '@secureconnect/tokens';
import { makePeople } from '../memberships/people.ts';
import { migratedPostgres, ownRedis } from '../support/servers.ts';

/** Where the backends of all runs are, and whose sockets are opened. */
export interface Backends extends AsyncDisposable {
  readonly settings: Settings;
  readonly redis: RedisServer;
  /** Each is a different user, in one group of ten. */
  readonly people: readonly Person[];
}

export interface Settings {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly jwtSecret: string;
}

export interface Person {
  readonly token: string;
  /** The conversation of the user. */
  readonly room: string;
}

export const membersOfGroup = 10;
const tokenSeconds = 3600;

/** Starts PostgreSQL and Redis, and creates so many users in groups. */
export async function startBackends(users: number): Promise<Backends> {
  await using parts = new AsyncDisposableStack();
  const databaseUrl = await migratedPostgres(['auth', 'chat'], parts);
  const redis = await ownRedis(parts);
  const jwtSecret = randomBytes(32).toString('base64');
  const sign = createTokenSigner({ secret: jwtSecret });
  await using database = new AsyncDisposableStack();
  const sql = openDatabase({ url: databaseUrl, maxConnections: 1 });
  database.defer(() => sql.close());
  const people: Person[] = [];
  while (people.length < users) {
    const { userIds, groupIds } = await makePeople(sql, { people: membersOfGroup, groups: 1 });
    for (const userId of userIds) {
      const session = { sessionId: randomUUID(), role: 'user', lifetimeSeconds: tokenSeconds };
      people.push({ token: sign({ userId, ...session }).token, room: groupIds[0] ?? '' });
    }
  }
  const owned = parts.move();
  return {
    settings: { databaseUrl, redisUrl: redis.url, jwtSecret },
    redis,
    people,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
