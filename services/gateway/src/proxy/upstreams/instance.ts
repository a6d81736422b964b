import { isIPv6, type LookupFunction } from 'node:net';
import { type Logger, OutageLog } from '@secureconnect/service';
import { Pool } from 'undici';
import type { Timeouts } from './timeouts.ts';

/** How long other instances are preferred after a failed connection or a stop notice. */
const avoidMs = 2000;

export interface InstanceOptions {
  readonly timeouts: Timeouts;
  /** Names the service in each line. */
  readonly log: Logger;
}

/** One process of a service behind the gateway, with its connections. */
export class Instance {
  /** Its origin. */
  readonly url: URL;
  /** Identifies the instance: its origin, with the address instead of a shared name. */
  readonly name: string;
  readonly pool: Pool;
  /** Resolves to this instance if instances share a name. */
  readonly lookup: LookupFunction | undefined;
  /** Logs when it stops answering and when it answers again. */
  readonly outages: OutageLog;
  #avoidedUntilMs = 0;
  #isCutOff = false;

  /** @param address an address of the name in `origin`; if absent, any of its addresses */
  constructor(origin: string, { timeouts, log }: InstanceOptions, address?: string) {
    this.url = new URL(origin);
    this.name = instanceName(origin, address);
    this.lookup = address === undefined ? undefined : lookupOf(address);
    this.outages = new OutageLog({
      log,
      fields: { instance: this.name },
      failedMessage: 'an instance did not answer',
      workedMessage: 'an instance answers again',
    });
    this.pool = new Pool(origin, {
      connect: {
        timeout: timeouts.connectMs,
        ...(this.lookup === undefined ? {} : { lookup: this.lookup }),
      },
      headersTimeout: timeouts.headersMs,
      bodyTimeout: timeouts.idleMs,
    });
  }

  /**
   * Until when other instances are preferred, by `performance.now()`, after a failed connection or
   * a stop notice; 0 if it is not avoided.
   */
  get avoidedUntilMs(): number {
    return performance.now() < this.#avoidedUntilMs ? this.#avoidedUntilMs : 0;
  }

  /** Avoids the instance: a connection failed, or it will stop soon. */
  avoid(): void {
    this.#avoidedUntilMs = performance.now() + avoidMs;
  }

  /** Whether the last attempt to reach it ended without a connection. */
  get isCutOff(): boolean {
    return this.#isCutOff;
  }

  /** There was no connection. */
  cutOff(): void {
    this.#isCutOff = true;
    this.avoid();
  }

  /** It has answered a request. */
  answered(): void {
    this.#isCutOff = false;
    this.outages.worked();
  }

  /** Resolves if it answers within `timeoutMs`, whatever it says. Rejects otherwise. */
  async check(timeoutMs: number): Promise<void> {
    const signal = AbortSignal.timeout(timeoutMs);
    const { body } = await this.pool.request({ path: '/live', method: 'GET', signal });
    await body.dump();
    this.answered();
  }

  /** Requests a small JSON document within `timeoutMs`. Rejects if there is none. */
  async getJson(path: string, timeoutMs: number): Promise<{ status: number; body: unknown }> {
    const signal = AbortSignal.timeout(timeoutMs);
    const reply = await this.pool.request({ path, method: 'GET', signal });
    return { status: reply.statusCode, body: await reply.body.json() };
  }

  /** Accepts no more requests; ends its connections once pending requests are answered. */
  async retire(): Promise<void> {
    await this.pool.close();
  }

  close(): Promise<void> {
    return this.pool.destroy();
  }
}

/** The name of an origin's instance at an address. */
export function instanceName(origin: string, address: string | undefined): string {
  if (address === undefined) return origin;
  const url = new URL(origin);
  url.hostname = isIPv6(address) ? `[${address}]` : address;
  return url.origin;
}

function lookupOf(address: string): LookupFunction {
  const family = isIPv6(address) ? 6 : 4;
  return (_hostname, options, answer) => {
    if (options.all === true) answer(null, [{ address, family }]);
    else answer(null, address, family);
  };
}
