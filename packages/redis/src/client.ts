import type { SentinelAddress, SingleAddress } from '@secureconnect/degraded-mode/ioredis';
import { clientOptions } from '@secureconnect/degraded-mode/ioredis/parts';
import type { RedisCommander } from 'ioredis';
import { BatchingRedis } from './batching-redis.ts';
import { createKeyspace, type Keyspace } from './keyspace.ts';

/**
 * A client for commands, and its keyspace. A cluster refuses commands and scripts whose keys do not
 * share a hash tag. Do not use `pipeline().exec()`: it never rejects, so no fallback sees its
 * errors. Use a script instead.
 */
export type RedisCommands = RedisCommander & {
  readonly keyspace: Keyspace;
  /**
   * Calls `send` when the commands of this turn of the event loop are written, all of which go to
   * one server. Absent for a cluster.
   */
  atEndOfTurn?(send: () => void): void;
};

/** Opens a client that connects on `connect()`. */
export function createClient(
  address: SingleAddress | SentinelAddress,
  keyPrefix: string,
): BatchingRedis & RedisCommands {
  const client = new BatchingRedis(clientOptions(address));
  return Object.assign(client, { keyspace: createKeyspace(keyPrefix) });
}
