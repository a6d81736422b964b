import { Redis } from 'ioredis';

/** A client with the defaults of ioredis, as peers are mostly run. */
export function defaultClient(redisUrl: string): Redis {
  const client = new Redis(redisUrl);
  // It reconnects by itself; without a listener it would print each attempt.
  client.on('error', () => {});
  return client;
}
