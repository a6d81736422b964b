import type { Logger } from '@secureconnect/service';
import type { Instance } from './instance.ts';
import type { UpstreamName } from './names.ts';
import { Origin, type Resolve } from './origin.ts';
import { rendezvousRank } from './rendezvous-hash.ts';
import type { Timeouts } from './timeouts.ts';
import { UpstreamUnreachable } from './upstream-unreachable.ts';

/** The time limit for an instance's reply to a check. */
const checkMs = 2000;

/** A service behind the gateway: one instance or several. */
export class Upstream {
  readonly name: UpstreamName | 'gateway';
  readonly #origins: readonly Origin[];
  #turn = 0;

  constructor(name: Upstream['name'], origins: readonly string[], timeouts: Timeouts, log: Logger) {
    if (origins.length === 0) throw new Error(`${name} has no instances`);
    this.name = name;
    this.#origins = origins.map(
      (origin) => new Origin(origin, { timeouts, log: log.child({ upstream: name }) }),
    );
  }

  get instances(): readonly Instance[] {
    return this.#origins.flatMap(({ instances }) => instances);
  }

  /** All instances in the order of the tries; round robin. */
  inTurn(): Instance[] {
    const { instances } = this;
    const at = this.#turn % instances.length;
    this.#turn += 1;
    return avoidedLast([...instances.slice(at), ...instances.slice(0, at)]);
  }

  /** All instances in the order of the tries; the same for every request with this key. */
  byKey(key: string): Instance[] {
    return avoidedLast(rendezvousRank(key, this.instances, ({ name }) => name));
  }

  /** Whether the last attempt to reach each instance ended without a connection. */
  get isCutOff(): boolean {
    return this.instances.every(({ isCutOff }) => isCutOff);
  }

  /**
   * Resolves if an instance may be reached: if one is not cut off, or else if one answers now.
   * Throws UpstreamUnreachable.
   */
  async check(): Promise<void> {
    if (!this.isCutOff) return;
    const asked = await Promise.allSettled(this.instances.map((one) => one.check(checkMs)));
    if (asked.every(({ status }) => status === 'rejected'))
      throw new UpstreamUnreachable(this.name);
  }

  /** Resolves its names again. Rejects if one cannot be resolved, after resolving the others. */
  async refresh(resolve: Resolve): Promise<void> {
    const refreshed = await Promise.allSettled(
      this.#origins.map((origin) => origin.refresh(resolve)),
    );
    const failed = refreshed.find((result) => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  async close(): Promise<void> {
    await Promise.all(this.#origins.map((origin) => origin.close()));
  }
}

/**
 * Puts avoided instances last, the longest avoided one first: it may be up again, while the most
 * recently avoided one is about to stop.
 */
function avoidedLast(instances: readonly Instance[]): Instance[] {
  return instances.toSorted((one, other) => one.avoidedUntilMs - other.avoidedUntilMs);
}
