import type { SingleAddress } from '../redis/address.ts';
import { type Connection, openConnection } from '../redis/connection.ts';
import { defaultUrl } from '../redis/read-url.ts';
import { classify, connectionFailure } from './classify.ts';
import { type NodeRedisClient, openServer } from './open-server.ts';
import type { NodeRedisOptions } from './options.ts';

/**
 * Connects to one server. Resolves when the state of Redis is known; if Redis is down, degraded mode
 * has begun. The client reconnects without end. It has no time limit for a command: calls of ports
 * have one (`portLimitMs`), any other command ends with its connection, after a second of silence.
 * @param address a `redis:` or `rediss:` URL, whose path is the number of the database; or the address
 *   with what a URL cannot say. Default `redis://localhost:6379`
 * @throws TypeError for a URL that is none
 */
export async function connect(
  address: string | SingleAddress = defaultUrl,
  options: NodeRedisOptions<NodeRedisClient>,
): Promise<Connection<NodeRedisClient>> {
  const where = typeof address === 'string' ? { kind: 'single' as const, url: address } : address;
  return openConnection<NodeRedisClient>(
    { classify, connectionFailure, open: (events) => openServer(where, options, events) },
    options,
  );
}
