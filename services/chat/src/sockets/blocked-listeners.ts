import type { Sql } from '@secureconnect/postgres';
import { type Appearance, blockedWhere } from '../stores/blocks.ts';

interface Waiting extends Appearance {
  readonly resolve: (userIds: readonly string[]) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Says who in a conversation does not hear of a user: participants whom the user has blocked. A
 * socket for many conversations asks about many at once, which is one question to SQL.
 */
export class BlockedListeners {
  readonly #sql: Sql;
  #waiting: Waiting[] = [];

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  of(appearance: Appearance): Promise<readonly string[]> {
    if (this.#waiting.length === 0) setImmediate(() => void this.#ask());
    return new Promise((resolve, reject) => {
      this.#waiting.push({ ...appearance, resolve, reject });
    });
  }

  /** Never rejects: who waits is told. */
  async #ask(): Promise<void> {
    const asked = this.#waiting;
    this.#waiting = [];
    try {
      const found = Map.groupBy(await blockedWhere(this.#sql, asked), keyOf);
      for (const one of asked) {
        one.resolve((found.get(keyOf(one)) ?? []).map(({ blockedId }) => blockedId));
      }
    } catch (error) {
      for (const { reject } of asked) reject(error);
    }
  }
}

function keyOf({ conversationId, userId }: Appearance): string {
  return `${conversationId} ${userId}`;
}
