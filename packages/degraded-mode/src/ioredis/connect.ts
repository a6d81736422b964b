import type { Redis } from 'ioredis';
import type { SentinelAddress, SingleAddress } from '../redis/address.ts';
import { type Connection, type ConnectOptions, openConnection } from '../redis/connection.ts';
import { defaultUrl } from '../redis/read-url.ts';
import { classify, connectionFailure } from './classify.ts';
import { openServer } from './open-server.ts';

/**
 * Connects to one server, or to the master of a set with sentinels. Resolves when the state of Redis
 * is known; if Redis is down, degraded mode has begun. The client rejects a command that is not
 * answered within 150 ms, and reconnects without end.
 * @param address a `redis:` or `rediss:` URL, whose path is the number of the database; or the address
 *   with what a URL cannot say. Default `redis://localhost:6379`
 * @throws TypeError for a URL that is none
 */
export async function connect(
  address: string | SingleAddress | SentinelAddress = defaultUrl,
  options: ConnectOptions<Redis>,
): Promise<Connection<Redis>> {
  const where = typeof address === 'string' ? { kind: 'single' as const, url: address } : address;
  return openConnection<Redis>(
    { classify, connectionFailure, open: (events) => openServer(where, options, events) },
    options,
  );
}
