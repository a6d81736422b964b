import type { Redis, RedisCommander } from 'ioredis';
import type { SentinelAddress, SingleAddress } from './address.ts';
import { BatchingRedis } from './batching-redis.ts';
import { clientOptions } from './client-options.ts';
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

/** A client of any class of ioredis. */
interface Connectable {
  readonly status: string;
  connect(): Promise<void>;
  once(event: 'ready' | 'close', listener: () => void): unknown;
  off(event: 'ready' | 'close', listener: () => void): unknown;
}

/**
 * Connects for the first time; ioredis then retries automatically. Resolves when the attempt
 * succeeded or failed; the client's events report which.
 */
export async function firstConnect(client: Connectable): Promise<void> {
  // A command, or a different caller, may be connecting it.
  if (['connecting', 'connect'].includes(client.status)) await untilSettled(client);
  if (client.status !== 'wait') return;
  try {
    await client.connect();
  } catch {
    // The client's listeners handle the error.
  }
}

function untilSettled(client: Connectable): Promise<void> {
  return new Promise((resolve) => {
    const settled = (): void => {
      client.off('ready', settled);
      client.off('close', settled);
      resolve();
    };
    client.once('ready', settled);
    client.once('close', settled);
  });
}

/** Closes a client for good; resolves when its socket is gone. */
export async function disconnect(client: Redis): Promise<void> {
  const hasSocket = ['connecting', 'connect', 'ready'].includes(client.status);
  const ended = new Promise((resolve) => client.once('end', resolve));
  client.disconnect();
  if (hasSocket) await ended;
}
