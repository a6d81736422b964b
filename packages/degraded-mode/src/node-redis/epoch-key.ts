import type { CallLimit } from '../call-limit.ts';
import { type EpochKey, epochTtlSeconds } from '../redis/data-watch.ts';

/** What any client of node-redis does with a key. */
export interface KeyCommands {
  get(key: string): Promise<string | null>;
  set(
    key: string,
    value: string,
    options: { readonly expiration: { readonly type: 'EX'; readonly value: number } },
  ): Promise<unknown>;
}

/** The key by which a process watches the data, on a client of node-redis. */
export function epochKeyOf(redis: KeyCommands, key: string, limit: CallLimit): EpochKey {
  const expiration = { type: 'EX', value: epochTtlSeconds } as const;
  return {
    read: () => limit.around(redis.get(key)),
    write: (epoch) => limit.around(redis.set(key, String(epoch), { expiration })),
  };
}
