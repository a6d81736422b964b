import type { Reconciler } from '@secureconnect/degraded-mode';

type Release = (fingerprint: string, token: string) => Promise<void>;

/**
 * The reservations of this process that may be in Redis. A failed command may have been executed,
 * or may be executed when a frozen server resumes. Leftovers of an outage are released before
 * recovery ends, because they would refuse senders until they expire. Releasing too many is
 * harmless, because SQL decides.
 */
export class OpenReservations {
  readonly #release: Release;
  readonly #byToken = new Map<string, string>();
  /** Resolved as the reservation of a fingerprint is ended. */
  readonly #endings = new Map<string, PromiseWithResolvers<void>>();

  constructor(release: Release) {
    this.#release = release;
  }

  /** Runs a command that may begin a reservation. */
  async begin<Answer>(
    fingerprint: string,
    token: string,
    command: () => Promise<Answer>,
    isGranted: (answer: Answer) => boolean,
  ): Promise<Answer> {
    this.#byToken.set(token, fingerprint);
    try {
      const answer = await command();
      if (isGranted(answer)) this.#endings.set(fingerprint, Promise.withResolvers());
      else this.#byToken.delete(token);
      return answer;
    } catch (error) {
      // On the same connection, the release is executed after the failed command.
      void this.#end(fingerprint, token).catch(() => undefined); // The reconciler releases it then.
      throw error;
    }
  }

  /** Runs a command that ends a reservation. */
  async end(token: string, command: () => Promise<unknown>): Promise<void> {
    const ended = command();
    const fingerprint = this.#byToken.get(token) ?? '';
    this.#endings.get(fingerprint)?.resolve();
    this.#endings.delete(fingerprint);
    await ended;
    this.#byToken.delete(token);
  }

  /**
   * Resolves as this process ends its reservation of a fingerprint: the next command follows on the
   * same connection. Undefined if it has none.
   */
  endOf(fingerprint: string): Promise<void> | undefined {
    return this.#endings.get(fingerprint)?.promise;
  }

  /** Releases what is left; must be added to the Redis connection. */
  readonly reconciler: Reconciler = {
    name: 'reservations of signals',
    run: async () => {
      const all = [...this.#byToken];
      await Promise.all(all.map(([token, fingerprint]) => this.#end(fingerprint, token)));
    },
  };

  #end(fingerprint: string, token: string): Promise<void> {
    return this.end(token, () => this.#release(fingerprint, token));
  }
}
