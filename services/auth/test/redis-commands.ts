import { defaultKeyPrefix, openRedis, type RedisCommands, redisMode } from '@secureconnect/redis';
import { createLogger } from '@secureconnect/service';

export interface OpenedRedis extends AsyncDisposable {
  readonly redis: RedisCommands;
}

/** A connection as the service opens it, for tests of what it keeps in Redis. */
export async function openCommands(url: string): Promise<OpenedRedis> {
  const config = {
    address: { kind: 'single', url },
    keyPrefix: defaultKeyPrefix,
    fallbackEnabled: true,
    healthCheckIntervalSeconds: 10,
    bootWaitSeconds: 5,
  } as const;
  const log = createLogger({ service: 'auth', level: 'silent' });
  const connection = openRedis({ config, mode: redisMode('auth-service', config), log });
  await connection.start();
  return { redis: connection.commands, [Symbol.asyncDispose]: () => connection.close() };
}
