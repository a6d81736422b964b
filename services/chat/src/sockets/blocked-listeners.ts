import type { Sql } from '@secureconnect/postgres';
import { type Appearance, blockedWhere } from '../stores/blocks.ts';

interface Waiting extends Appearance {
  readonly resolve: (userIds: readonly string[]) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Finds the participants of a conversation whom a user has blocked, and who therefore get no
 * presence of the user. Concurrent questions become one SQL query, as a socket for many
 * conversations asks about all of them.
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

  /** Never rejects: the waiting callers get the error. */
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
