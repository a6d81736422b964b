import { randomUUID } from 'node:crypto';
import { createClient } from 'redis';
import type { SingleAddress } from '../redis/address.ts';
import type { ConnectionEvents, OpenedClient } from '../redis/connection.ts';
import { createServerProbes } from '../redis/server-probes.ts';
import { markConnectionError } from './classify.ts';
import { clientOptions } from './client-options.ts';
import type { NodeRedisOptions } from './options.ts';
import { probedServer } from './probed-server.ts';
import { reconnecting } from './reconnect.ts';

/** A client of node-redis with its default modules. */
export type NodeRedisClient = ReturnType<typeof createClient>;

/** A client of one server. */
export function openServer(
  address: SingleAddress,
  options: NodeRedisOptions<NodeRedisClient>,
  events: ConnectionEvents,
): OpenedClient<NodeRedisClient> {
  const redis: NodeRedisClient = createClient(clientOptions(address));
  redis.on('error', (error: unknown) => {
    markConnectionError(error);
    events.onFailure(error);
  });
  redis.on('ready', events.onReady);
  const key = `${options.probeKeyPrefix ?? ''}degraded-mode:epoch:${randomUUID()}`;
  const probes = createServerProbes(probedServer(redis, key, options.alsoProbe));
  const reconnect = (): void => {
    redis.destroy();
    redis.connect().catch(() => undefined); // its errors are events
  };
  return {
    redis,
    probes: reconnecting({ isReady: () => redis.isReady, reconnect }, probes),
    async connect() {
      const settled = attemptSettled(redis);
      // It rejects if it is closed before it has succeeded; errors are events.
      redis.connect().catch(() => undefined);
      await settled;
    },
    async close() {
      // A client that is closed while it connects would keep that connection.
      if (redis.isOpen && !redis.isReady) await attemptSettled(redis);
      if (redis.isOpen) redis.destroy();
    },
  };
}

/** Resolves when the attempt to connect that is under way, or the next one, has ended. */
function attemptSettled(redis: NodeRedisClient): Promise<void> {
  return new Promise((resolve) => {
    const settled = (): void => {
      redis.off('ready', settled);
      redis.off('error', settled);
      resolve();
    };
    redis.on('ready', settled);
    redis.on('error', settled);
  });
}
