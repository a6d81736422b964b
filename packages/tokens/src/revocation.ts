import type { RedisCommands } from '@secureconnect/redis';

/** A token or a whole session that must not be accepted until it would have expired anyway. */
export interface Revocation {
  /** A `jti` or a `sid`. */
  readonly id: string;
  readonly expiresAtMs: number;
}

/** The channel that announces revocations to processes with sockets. */
export function revocationsChannel({ keyspace }: RedisCommands): string {
  return keyspace.channel('tokens', 'revocations');
}

/** Maximum ids per message and per query. */
export const maxIdsAtOnce = 500;
