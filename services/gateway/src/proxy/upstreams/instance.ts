import { isIPv6, type LookupFunction } from 'node:net';
import { type Logger, OutageLog } from '@secureconnect/service';
import { Pool } from 'undici';
import type { Timeouts } from './timeouts.ts';

/** After a failed connection, or its word that it stops, others are preferred for this long. */
const avoidMs = 2000;

export interface InstanceOptions {
  readonly timeouts: Timeouts;
  /** Says in each line which service it is. */
  readonly log: Logger;
}

/** One process of a service behind the gateway, with its connections. */
export class Instance {
  readonly origin: string;
  /** What tells it from the others: its origin, with its address in the place of a shared name. */
  readonly name: string;
  readonly pool: Pool;
  /** Leads to this instance where others have the same name. */
  readonly lookup: LookupFunction | undefined;
  /** What is told of it while it does not answer. */
  readonly outages: OutageLog;
  #avoidedUntilMs = 0;

  /** @param address one of those that the name in `origin` resolves to; where absent, any of them */
  constructor(origin: string, { timeouts, log }: InstanceOptions, address?: string) {
    this.origin = origin;
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
   * Until when others are preferred, by the clock of `performance.now()`, as a connection failed a
   * moment ago or it has said that it stops; 0 where it is as good as any.
   */
  get avoidedUntilMs(): number {
    return performance.now() < this.#avoidedUntilMs ? this.#avoidedUntilMs : 0;
  }

  /** A connection to it failed, or it stops soon. */
  avoid(): void {
    this.#avoidedUntilMs = performance.now() + avoidMs;
  }

  /** Asks for a small JSON document within `timeoutMs`. Rejects when there is none. */
  async getJson(path: string, timeoutMs: number): Promise<{ status: number; body: unknown }> {
    const signal = AbortSignal.timeout(timeoutMs);
    const reply = await this.pool.request({ path, method: 'GET', signal });
    return { status: reply.statusCode, body: await reply.body.json() };
  }

  /** Takes no more requests; ends its connections when those under way are answered. */
  async retire(): Promise<void> {
    await this.pool.close();
  }

  close(): Promise<void> {
    return this.pool.destroy();
  }
}

/** The name of the instance of this origin at this address. */
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
