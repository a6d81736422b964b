import type { Redis, RedisOptions } from 'ioredis';
import { accessOptions, urlOptions } from './access-options.ts';
import type { RedisAddress } from './address.ts';
import { readErrorReply } from './error-reply.ts';
import { createKeyspace, type Keyspace } from './keyspace.ts';
import { masterConnector } from './master-connector.ts';
import { PatientRedis } from './patient-redis.ts';
import { reconnectDelayMs } from './reconnect-delay.ts';

/**
 * A connection that takes commands, and the names of what they may touch. Note that `pipeline().exec()` of ioredis never rejects: its
 * errors lie in its results, where no fallback sees them. Use a script instead.
 */
export type RedisCommands = Redis & { readonly keyspace: Keyspace };

/** A server that stays a replica is not connected to over and over. */
const betweenForcedReconnectsMs = 1000;

/**
 * Measured settings; the defaults of ioredis would wait 10 s on a refused connection and for ever
 * on a frozen one. A command either is answered within `commandTimeout` or rejects, and none is
 * kept for later: whoever called has gone on with the fallback by then. `socketTimeout` is left out:
 * in 5.11.1 its timer outlives its connection and ends the next one (ioredis#2147); see silence.ts.
 */
const common: RedisOptions = {
  lazyConnect: true,
  connectTimeout: 1000,
  disconnectTimeout: 100,
  commandTimeout: 150,
  maxRetriesPerRequest: 0,
  maxLoadingRetryTime: 250,
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  // A failure of its own would be an unhandled rejection (ioredis#2187); see subscriber.ts.
  autoResubscribe: false,
  disableClientInfo: true,
  retryStrategy: reconnectDelayMs,
};

/** The options of a client of this address, for any class of ioredis. */
export function clientOptions(address: RedisAddress): RedisOptions {
  if (address.kind === 'single') {
    return {
      ...common,
      ...urlOptions(address.url),
      ...accessOptions(address),
      // A demoted server: its address may lead to the master by now.
      reconnectOnError: reconnectOn('READONLY'),
    };
  }
  return {
    ...common,
    ...accessOptions(address),
    Connector: masterConnector(address),
    // A master that lost its replicas may have been replaced: ask the sentinels.
    reconnectOnError: reconnectOn('READONLY', 'NOREPLICAS'),
  };
}

/** Opens a client that connects on `connect()`. */
export function createClient(address: RedisAddress, keyPrefix: string): RedisCommands {
  const client = new PatientRedis(clientOptions(address));
  return Object.assign(client, { keyspace: createKeyspace(keyPrefix) });
}

/**
 * Connects for the first time; ioredis goes on trying by itself. Resolves when that worked or
 * failed, which is reported through the client's events as well.
 */
export async function firstConnect(client: Redis): Promise<void> {
  // A command may have connected it before.
  if (client.status !== 'wait') return;
  try {
    await client.connect();
  } catch {
    // The client has told its listeners; there is nothing else to do about it here.
  }
}

/** Closes a client for good; resolves when its socket is gone. */
export async function disconnect(client: Redis): Promise<void> {
  const hasSocket = ['connecting', 'connect', 'ready'].includes(client.status);
  const ended = new Promise((resolve) => client.once('end', resolve));
  client.disconnect();
  if (hasSocket) await ended;
}

/** Reconnects on these error replies, without sending the command again (that is what 1 means). */
function reconnectOn(...codes: readonly string[]): (error: Error) => 1 | false {
  let lastAt = Number.NEGATIVE_INFINITY;
  return ({ message }) => {
    const now = performance.now();
    const isOne = codes.includes(readErrorReply(message).code);
    if (!isOne || now - lastAt < betweenForcedReconnectsMs) return false;
    lastAt = now;
    return 1;
  };
}
