import type { Redis, RedisCommander } from 'ioredis';
import type { SentinelAddress, SingleAddress } from './address.ts';
import { clientOptions } from './client-options.ts';
import { createKeyspace, type Keyspace } from './keyspace.ts';
import { PatientRedis } from './patient-redis.ts';

/**
 * What takes commands, and the names of what they may touch. Whatever is behind it: a cluster refuses
 * a command, and a script, whose keys have no hash tag in common. Note that `pipeline().exec()` of
 * ioredis never rejects: its errors lie in its results, where no fallback sees them. Use a script
 * instead.
 */
export type RedisCommands = RedisCommander & { readonly keyspace: Keyspace };

/** Opens a client that connects on `connect()`. */
export function createClient(
  address: SingleAddress | SentinelAddress,
  keyPrefix: string,
): PatientRedis & RedisCommands {
  const client = new PatientRedis(clientOptions(address));
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
 * Connects for the first time; ioredis goes on trying by itself. Resolves when that worked or
 * failed, which is reported through the client's events as well.
 */
export async function firstConnect(client: Connectable): Promise<void> {
  // A command, or another caller, may be connecting it.
  if (['connecting', 'connect'].includes(client.status)) await untilSettled(client);
  if (client.status !== 'wait') return;
  try {
    await client.connect();
  } catch {
    // The client has told its listeners; there is nothing else to do about it here.
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
