import { Pool } from 'undici';
import type { Timeouts } from './timeouts.ts';

/** After a failed connection others are preferred for this long. */
const avoidMs = 2000;

/** One process of a service behind the gateway, with its connections. */
export class Instance {
  readonly origin: string;
  readonly pool: Pool;
  #avoidedUntil = Number.NEGATIVE_INFINITY;

  constructor(origin: string, timeouts: Timeouts) {
    this.origin = origin;
    this.pool = new Pool(origin, {
      connect: { timeout: timeouts.connectMs },
      headersTimeout: timeouts.headersMs,
      bodyTimeout: timeouts.idleMs,
    });
  }

  /** Whether a connection failed a moment ago. */
  get isAvoided(): boolean {
    return performance.now() < this.#avoidedUntil;
  }

  /** A connection to it failed. */
  couldNotConnect(): void {
    this.#avoidedUntil = performance.now() + avoidMs;
  }

  /** Asks for a small JSON document within `timeoutMs`. Rejects when there is none. */
  async getJson(path: string, timeoutMs: number): Promise<{ status: number; body: unknown }> {
    const signal = AbortSignal.timeout(timeoutMs);
    const reply = await this.pool.request({ path, method: 'GET', signal });
    return { status: reply.statusCode, body: await reply.body.json() };
  }

  close(): Promise<void> {
    return this.pool.destroy();
  }
}
