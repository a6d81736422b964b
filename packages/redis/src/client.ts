import { Redis, type RedisOptions } from 'ioredis';
import type { RedisAddress } from './config.ts';

/** A connection that takes commands. */
export type RedisCommands = Redis;

const longestReconnectDelayMs = 400;

/**
 * Measured settings; the defaults of ioredis would wait 10 s on a refused connection and for ever
 * on a frozen one. A command either is answered within `commandTimeout` or rejects, and none is
 * kept for later: whoever called has gone on with the fallback by then.
 */
const options: RedisOptions = {
  lazyConnect: true,
  connectTimeout: 1000,
  commandTimeout: 150,
  socketTimeout: 1000,
  maxRetriesPerRequest: 0,
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  retryStrategy: reconnectDelayMs,
  // A promoted or demoted server: find the master again. 1 reconnects without sending again.
  reconnectOnError: (error) => (error.message.startsWith('READONLY') ? 1 : false),
};

/** Opens a client that connects on `connect()`. */
export function createClient(address: RedisAddress, overrides: RedisOptions = {}): Redis {
  if (address.kind === 'single') return new Redis(address.url, { ...options, ...overrides });
  return new Redis({
    ...options,
    ...overrides,
    sentinels: address.sentinels.map(({ host, port }) => ({ host, port })),
    name: address.masterName,
    failoverDetector: true,
    sentinelCommandTimeout: 500,
    sentinelRetryStrategy: reconnectDelayMs,
    sentinelReconnectStrategy: reconnectDelayMs,
  });
}

/** Grows to a cap well below a second, with jitter so that instances do not return in step. */
function reconnectDelayMs(attempt: number): number {
  const delayMs = Math.min(longestReconnectDelayMs, 50 * 2 ** Math.min(attempt - 1, 5));
  return delayMs * (0.5 + Math.random() / 2);
}
