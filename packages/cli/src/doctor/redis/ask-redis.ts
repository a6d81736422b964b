import { isIP } from 'node:net';
import { Redis } from 'ioredis';
import type { HostPort, RedisAccess } from './address.ts';

const timeoutMs = 3000;

/**
 * Connects to one server or sentinel, lets `work` ask it, and closes the connection. It sends no
 * command of its own but AUTH. Rejects with the reason after 3 s without an answer.
 */
export async function askRedis<T>(
  { host, port }: HostPort,
  access: RedisAccess,
  work: (redis: Redis) => Promise<T>,
): Promise<T> {
  const { username, password, tls } = access;
  const redis = new Redis({
    host,
    port,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(tls === undefined
      ? {}
      : { tls: { ...tls, ...(isIP(host) === 0 ? { servername: host } : {}) } }),
    lazyConnect: true,
    connectTimeout: timeoutMs,
    commandTimeout: timeoutMs,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
    // Both would send commands that the user of the services may not run.
    enableReadyCheck: false,
    disableClientInfo: true,
  });
  let reason: Error | undefined;
  redis.on('error', (error: Error) => {
    reason ??= error;
  });
  try {
    await redis.connect();
    return await work(redis);
  } catch (error) {
    // A command of a lost connection says only that; the first error says why it was lost.
    throw reason ?? error;
  } finally {
    redis.disconnect();
  }
}
