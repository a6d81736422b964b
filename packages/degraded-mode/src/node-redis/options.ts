import type { ConnectOptions } from '../redis/connection.ts';

/** As over ioredis, except that node-redis has no prefix of keys. */
export interface NodeRedisOptions<Client> extends Omit<ConnectOptions<Client>, 'keyPrefix'> {
  /** The prefix of the key that the probe writes, for an ACL. Default none. */
  readonly probeKeyPrefix?: string;
}
