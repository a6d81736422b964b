import { Redis } from 'ioredis';
import type { SentinelAddress } from '../redis/address.ts';
import type { HostPort } from '../redis/host-port.ts';
import { accessOptions } from './access-options.ts';

const reconnectDelayMs = 1000;

/** A connection to one sentinel itself, which reconnects without end. */
export function sentinelClient({ host, port }: HostPort, address: SentinelAddress): Redis {
  const sentinel = new Redis({
    host,
    port,
    ...accessOptions(address.sentinelAccess ?? {}),
    connectTimeout: 1000,
    disconnectTimeout: 100,
    commandTimeout: 1000,
    maxRetriesPerRequest: 0,
    autoResubscribe: false,
    disableClientInfo: true,
    enableReadyCheck: false,
    keepAlive: 10_000,
    retryStrategy: () => reconnectDelayMs,
  });
  // A down sentinel is reported by metrics; the client retries automatically.
  sentinel.on('error', () => undefined);
  return sentinel;
}
