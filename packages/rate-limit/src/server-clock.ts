/**
 * The clock of the Redis server as this process knows it. Buckets are cut by that clock, so local
 * counts line up with the shared ones although the machines' clocks differ.
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

  /** The local time, to be given back to `heard`. */
  asked(): number {
    return this.#local();
  }

  /** The server said `serverMs` somewhere between the question and now: half-way is the best guess. */
  heard(serverMs: number, askedAtMs: number): void {
    this.#offsetMs = serverMs - (askedAtMs + this.#local()) / 2;
  }
}
