import type { RedisCommands } from '@secureconnect/redis';

/** A token or a whole session that must not be accepted until it would have expired anyway. */
export interface Revocation {
  /** A `jti` or a `sid`. */
  readonly id: string;
  readonly expiresAtMs: number;
}

/** Where processes with sockets are told at once of what is being revoked. */
export function revocationsChannel({ keyspace }: RedisCommands): string {
  return keyspace.channel('tokens', 'revocations');
}

/** So many ids are in one message, and in one question to SQL, at most. */
export const maxIdsAtOnce = 500;
