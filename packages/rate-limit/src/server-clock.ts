/**
 * This process's estimate of the Redis server's clock. Buckets follow that clock, so that local and
 * shared counts match although the machines' clocks differ.
 */
export class ServerClock {
  readonly #local: () => number;
  #offsetMs = 0;

  constructor(local: () => number = Date.now) {
    this.#local = local;
  }

  /** Milliseconds since the epoch, by the server's clock. */
  now(): number {
    return this.#local() + this.#offsetMs;
  }

  /** The local time, to pass to `heard`. */
  asked(): number {
    return this.#local();
  }

  /** The server read `serverMs` between the question and now; the midpoint is the best estimate. */
  heard(serverMs: number, askedAtMs: number): void {
    this.#offsetMs = serverMs - (askedAtMs + this.#local()) / 2;
  }
}
