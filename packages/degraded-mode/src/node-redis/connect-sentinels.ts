import type { SentinelAddress } from '../redis/address.ts';
import { type Connection, openConnection } from '../redis/connection.ts';
import { classify, connectionFailure } from './classify.ts';
import { type NodeRedisSentinel, openSentinels } from './open-sentinels.ts';
import type { NodeRedisOptions } from './options.ts';

/**
 * Connects to the master of a set with sentinels, as `connect` does to a server. While it has no
 * master, a command outside of ports waits for one.
 */
export async function connectSentinels(
  address: SentinelAddress,
  options: NodeRedisOptions<NodeRedisSentinel>,
): Promise<Connection<NodeRedisSentinel>> {
  return openConnection<NodeRedisSentinel>(
    { classify, connectionFailure, open: (events) => openSentinels(address, options, events) },
    options,
  );
}
