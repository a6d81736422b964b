const tickMs = 50;
const lateMs = 75;
const graceMs = 100;

/**
 * Detects whether this process itself was blocked. After a blocked event loop all pending time-outs
 * fire at once, before waiting replies are read; such time-outs say nothing about Redis.
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

  /** True while time-outs are unreliable; always false without `start`. */
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
