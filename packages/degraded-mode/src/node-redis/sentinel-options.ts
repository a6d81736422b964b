import type { RedisSentinelOptions } from 'redis';
import type { SentinelAddress } from '../redis/address.ts';
import { reconnectDelayMs } from '../redis/reconnect-delay.ts';
import { accessOptions, socketOptions } from './client-options.ts';

/** More attempts would keep the client from asking the sentinels for a different master. */
const maxAttempts = 4;

/** How often a sentinel is pinged, so that `socketTimeout` ends the connection of a frozen one. */
const pingIntervalMs = 300;

/** The options of a client of a master with sentinels, for node-redis 5.12. */
export function sentinelOptions(address: SentinelAddress): RedisSentinelOptions {
  const { masterName, sentinels, database, natMap, sentinelAccess = {} } = address;
  return {
    name: masterName,
    sentinelRootNodes: sentinels.map(({ host, port }) => ({ host, port })),
    // A command that met a replica is not sent again.
    maxCommandRediscovers: 0,
    passthroughClientErrorEvents: true,
    ...(natMap === undefined ? {} : { nodeAddressMap: { ...natMap } }),
    nodeClientOptions: {
      ...accessOptions(address),
      ...(database === undefined ? {} : { database }),
      disableOfflineQueue: true,
      socket: {
        ...socketOptions(address.tls),
        reconnectStrategy: (attempts) =>
          attempts < maxAttempts ? reconnectDelayMs(attempts + 1) : false,
      },
    },
    sentinelClientOptions: {
      ...accessOptions(sentinelAccess),
      pingInterval: pingIntervalMs,
      socket: socketOptions(sentinelAccess.tls),
    },
  };
}
