import type { Sql } from '@secureconnect/postgres';
import type { MembershipChange } from '../stores/membership-changes.ts';
import { actualParticipations, type Participation } from '../stores/participants.ts';

/** Users whose membership of a conversation changed. */
export type Change = Pick<MembershipChange, 'conversationId' | 'userIds'>;

export interface MembershipUpdatesOptions {
  readonly database: Sql;
  /** Whether a user has sockets here; other users are skipped. */
  isHere(userId: string): boolean;
  /** Makes a user's sockets follow the answer of SQL. Called in the order of the queries. */
  apply(participation: Participation, takesPart: boolean): Promise<void>;
}

interface Batch {
  readonly asked: Map<string, Participation>;
  readonly done: PromiseWithResolvers<void>;
}

/**
 * Reads the current state of changed memberships from SQL. All changes that arrive during a query
 * share the next one, however many conversations their users have.
 */
export class MembershipUpdates {
  readonly #options: MembershipUpdatesOptions;
  #waiting: Batch | undefined;
  #isAsking = false;

  constructor(options: MembershipUpdatesOptions) {
    this.#options = options;
  }

  /** Resolves when the sockets follow. Rejects while SQL is down; the caller may retry. */
  async follow(changes: readonly Change[]): Promise<void> {
    const asked = changes.flatMap(({ conversationId, userIds }) =>
      userIds
        .filter((userId) => this.#options.isHere(userId))
        .map((userId) => ({ conversationId, userId })),
    );
    if (asked.length === 0) return;
    this.#waiting ??= { asked: new Map(), done: Promise.withResolvers() };
    const batch = this.#waiting;
    for (const one of asked) batch.asked.set(keyOf(one), one);
    if (!this.#isAsking) void this.#ask();
    await batch.done.promise;
  }

  async #ask(): Promise<void> {
    this.#isAsking = true;
    for (let batch = this.#take(); batch !== undefined; batch = this.#take()) {
      const { asked, done } = batch;
      try {
        const actual = await actualParticipations(this.#options.database, [...asked.values()]);
        const taken = new Set(actual.map(keyOf));
        const applied = [...asked].map(([key, one]) => this.#options.apply(one, taken.has(key)));
        // The next query need not wait: each user's sockets follow in order.
        void Promise.all(applied).then(() => done.resolve(), done.reject);
      } catch (error) {
        done.reject(error);
      }
    }
    this.#isAsking = false;
  }

  #take(): Batch | undefined {
    const batch = this.#waiting;
    this.#waiting = undefined;
    return batch;
  }
}

function keyOf({ conversationId, userId }: Participation): string {
  return `${conversationId} ${userId}`;
}
