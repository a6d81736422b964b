import type { Sql } from '@secureconnect/postgres';
import type { MembershipChange } from '../stores/membership-changes.ts';
import { actualParticipations, type Participation } from '../stores/participants.ts';

/** Who came or went, and where. */
export type Change = Pick<MembershipChange, 'conversationId' | 'userIds'>;

export interface MembershipUpdatesOptions {
  readonly database: Sql;
  /** Whether a user has sockets here; nobody else is asked about. */
  isHere(userId: string): boolean;
  /** Has a user's sockets follow what SQL says. Called in the order in which SQL was asked. */
  apply(participation: Participation, takesPart: boolean): Promise<void>;
}

interface Batch {
  readonly asked: Map<string, Participation>;
  readonly done: PromiseWithResolvers<void>;
}

/**
 * Asks SQL what became of memberships that changed: one question for all that were told of while the
 * one before was asked, however many conversations their users take part in.
 */
export class MembershipUpdates {
  readonly #options: MembershipUpdatesOptions;
  #waiting: Batch | undefined;
  #isAsking = false;

  constructor(options: MembershipUpdatesOptions) {
    this.#options = options;
  }

  /** Resolves when the sockets follow. Rejects where SQL cannot be asked; it may be told again. */
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
        // The next question need not wait: each user's sockets follow in order.
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
