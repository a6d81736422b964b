import type { RedisClientOptions } from 'redis';
import type { ServerAccess, SingleAddress, TlsMaterial } from '../redis/address.ts';
import { readUrl } from '../redis/read-url.ts';
import { reconnectDelayMs } from '../redis/reconnect-delay.ts';

/** The time limit of a probe's command. */
export const commandTimeoutMs = 150;

/** The time limit of a connection's first replies. */
const socketTimeoutMs = 1000;

type SocketOptions = NonNullable<RedisClientOptions['socket']>;

/**
 * Measured settings of node-redis 5.12. By default it waits without end for a frozen server, or on
 * a connection that lost its peer, and keeps the commands of an outage for later. It has no time
 * limit for a command that was written: `commandOptions.timeout` ends when it is, each write starts
 * `socketTimeout` again, and nobody notices that the reply to a `pingInterval` is missing. So probes
 * watch the connection (reconnect.ts), except while it begins.
 */
export function socketOptions(tls: TlsMaterial | undefined): SocketOptions {
  const settings = {
    connectTimeout: 1000,
    socketTimeout: socketTimeoutMs,
    reconnectStrategy: (attempts: number) => reconnectDelayMs(attempts + 1),
  };
  return tls === undefined ? settings : { ...settings, ...tls, tls: true };
}

/** The options of a client of one server. */
export function clientOptions(address: SingleAddress): RedisClientOptions {
  const { host, port, family, isTls, database, username, password } = readUrl(address.url);
  return {
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...accessOptions(address),
    ...(database === undefined ? {} : { database }),
    disableOfflineQueue: true,
    socket: {
      ...socketOptions(address.tls ?? (isTls ? {} : undefined)),
      host,
      port,
      ...(family === undefined ? {} : { family }),
    },
  };
}

/** Credentials as options of node-redis. */
export function accessOptions({
  credentials,
}: ServerAccess): Pick<RedisClientOptions, 'username' | 'password'> {
  return credentials ?? {};
}
