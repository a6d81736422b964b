const tickMs = 50;
const lateMs = 75;
const graceMs = 100;

/**
 * Knows whether this process itself was blocked. After a blocked event loop every pending time-out
 * fires at once, before the replies that wait in the socket are read; such time-outs say nothing
 * about Redis.
 */
export class EventLoopStall {
  #lastTickAt = performance.now();
  #stalledUntil = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;

  start(): void {
    this.stop();
    this.#lastTickAt = performance.now();
    this.#timer = setInterval(() => this.#tick(), tickMs);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** True while time-outs must not be believed. Without `start` it never is. */
  justHappened(): boolean {
    if (this.#timer === undefined) return false;
    const now = performance.now();
    return now < this.#stalledUntil || now - this.#lastTickAt > tickMs + lateMs;
  }

  #tick(): void {
    const now = performance.now();
    if (now - this.#lastTickAt > tickMs + lateMs) this.#stalledUntil = now + graceMs;
    this.#lastTickAt = now;
  }
}
