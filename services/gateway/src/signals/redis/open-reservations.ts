import type { Reconciler } from '@secureconnect/degraded-mode';

type Release = (fingerprint: string, token: string) => Promise<void>;

/**
 * The reservations of this process that Redis may hold. A command that failed may have been executed,
 * or may be once a frozen server goes on, so what an outage leaves behind is released before the
 * process counts as recovered: else senders would be refused until it expires. To release too much is
 * harmless, because SQL decides.
 */
export class OpenReservations {
  readonly #release: Release;
  readonly #byToken = new Map<string, string>();

  constructor(release: Release) {
    this.#release = release;
  }

  /** Runs a command that begins a reservation, if it answers so. */
  async begin<Answer>(
    fingerprint: string,
    token: string,
    command: () => Promise<Answer>,
    isGranted: (answer: Answer) => boolean,
  ): Promise<Answer> {
    this.#byToken.set(token, fingerprint);
    try {
      const answer = await command();
      if (!isGranted(answer)) this.#byToken.delete(token);
      return answer;
    } catch (error) {
      // On the same connection it is executed after what has failed, if that is executed at all.
      void this.#end(fingerprint, token).catch(() => undefined); // Then the reconciler does it.
      throw error;
    }
  }

  /** Runs a command that ends a reservation. */
  async end(token: string, command: () => Promise<unknown>): Promise<void> {
    await command();
    this.#byToken.delete(token);
  }

  /** Releases what is left; to be added to the Redis connection. */
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
