import { randomUUID } from 'node:crypto';
import { ClientOfflineError, createSentinel } from 'redis';
import type { SentinelAddress } from '../redis/address.ts';
import type { ConnectionEvents, OpenedClient } from '../redis/connection.ts';
import { SentinelsError } from '../redis/sentinels-error.ts';
import { createServerProbes, type RedisProbes } from '../redis/server-probes.ts';
import { connectionFailure, markConnectionError } from './classify.ts';
import type { NodeRedisOptions } from './options.ts';
import { probedServer } from './probed-server.ts';
import { reconnecting } from './reconnect.ts';
import { sentinelOptions } from './sentinel-options.ts';
import { connectUntilItStands } from './stand.ts';

/** A client of node-redis of a master with sentinels, with its default modules. */
export type NodeRedisSentinel = ReturnType<typeof createSentinel>;

/** A client of the master that the sentinels name. */
export function openSentinels(
  address: SentinelAddress,
  options: NodeRedisOptions<NodeRedisSentinel>,
  events: ConnectionEvents,
): OpenedClient<NodeRedisSentinel> {
  const redis: NodeRedisSentinel = createSentinel(sentinelOptions(address));
  let lastReason = 'connection';
  let isClosed = false;

  redis.on('error', (error: unknown) => {
    const cause = error instanceof Error ? (error.cause ?? error) : error;
    markConnectionError(cause);
    // A sentinel may be down while the master is up.
    if (isOfMaster(error)) events.onFailure(cause);
    else lastReason = connectionFailure(cause).reason;
  });
  redis.on('topology-change', events.onReady);

  let connecting = Promise.resolve();
  const connect = (): Promise<void> => {
    connecting = connectUntilItStands({
      connect: () => redis.connect(),
      onFailure: () => {
        events.onFailure(new SentinelsError([lastReason]));
        // It stays half open otherwise, and refuses a further attempt.
        return redis.destroy();
      },
      isClosed: () => isClosed,
    });
    return connecting;
  };
  const reconnect = (): void => {
    void redis.destroy().then(connect, connect);
  };

  const key = `${options.probeKeyPrefix ?? ''}degraded-mode:epoch:${randomUUID()}`;
  const probes = createServerProbes(probedServer(redis, key, options.alsoProbe));
  return {
    redis,
    probes: reconnecting({ isReady: () => redis.isReady, reconnect }, onMaster(redis, probes)),
    connect,
    async close() {
      isClosed = true;
      // It rejects with an attempt that is under way, after which `connecting` ends the client.
      await redis.destroy().catch(() => undefined);
      await connecting;
    },
  };
}

/** node-redis says so in the message alone. */
function isOfMaster(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('Master Client ');
}

/**
 * Probes that are only sent to a master: without one, a command would wait for it without end, and
 * be sent then. One ping waits instead, which makes the client ask its sentinels.
 */
function onMaster(redis: NodeRedisSentinel, probes: RedisProbes): RedisProbes {
  let waiting = false;
  const requireMaster = (): void => {
    if (redis.getMasterNode() !== undefined) return;
    if (redis.isReady && !waiting) {
      waiting = true;
      redis
        .ping()
        .catch(() => undefined) // the next probe says why
        .finally(() => {
          waiting = false;
        });
    }
    throw new ClientOfflineError();
  };
  return {
    ...probes,
    async full() {
      requireMaster();
      await probes.full();
    },
    async ping() {
      requireMaster();
      await probes.ping();
    },
  };
}
