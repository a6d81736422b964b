import { randomUUID } from 'node:crypto';
import type { SentinelAddress, SingleAddress } from '../redis/address.ts';
import type { ConnectionEvents, ConnectOptions, OpenedClient } from '../redis/connection.ts';
import { ifAllowed } from '../redis/if-allowed.ts';
import { createServerProbes } from '../redis/server-probes.ts';
import { clientOptions } from './client-options.ts';
import { disconnect, firstConnect } from './connecting.ts';
import { epochKey } from './epoch-key.ts';
import { followFailovers } from './failovers.ts';
import { PatientRedis } from './patient-redis.ts';
import { endSilentConnections } from './silence.ts';
import { watchConnection } from './watch-connection.ts';

/** A client of one server, or of the master of a set. */
export function openServer(
  address: SingleAddress | SentinelAddress,
  { keyPrefix, alsoProbe }: Pick<ConnectOptions<PatientRedis>, 'keyPrefix' | 'alsoProbe'>,
  events: ConnectionEvents,
): OpenedClient<PatientRedis> {
  const prefix = keyPrefix === undefined ? {} : { keyPrefix };
  const redis = new PatientRedis({ ...clientOptions(address), ...prefix });
  watchConnection(redis, events);
  const stopWatching = endSilentConnections(() => [redis]);
  let stopFollowing = async (): Promise<void> => undefined;
  return {
    redis,
    probes: createServerProbes({
      ping: () => redis.ping(),
      role: () => ifAllowed(async () => (await redis.role())[0]),
      info: async () => (await ifAllowed(() => redis.info('server'))) ?? '',
      epochKey: epochKey(redis, `degraded-mode:epoch:${randomUUID()}`),
      ...(alsoProbe === undefined ? {} : { alsoProbe: () => alsoProbe(redis) }),
    }),
    async connect() {
      stopFollowing = followFailovers(address, [redis]);
      await firstConnect(redis);
    },
    async close() {
      stopWatching();
      await Promise.all([disconnect(redis), stopFollowing()]);
    },
  };
}
