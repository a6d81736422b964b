import { Instance } from './instance.ts';
import type { UpstreamName } from './names.ts';
import { rendezvousRank } from './rendezvous-hash.ts';
import type { Timeouts } from './timeouts.ts';

/** A service behind the gateway: one instance or several. */
export class Upstream {
  readonly name: UpstreamName;
  readonly instances: readonly Instance[];
  #turn = 0;

  constructor(name: UpstreamName, origins: readonly string[], timeouts: Timeouts) {
    if (origins.length === 0) throw new Error(`${name} has no instances`);
    this.name = name;
    this.instances = origins.map((origin) => new Instance(origin, timeouts));
  }

  /** All instances in the order in which to try them; each comes first in turn. */
  inTurn(): Instance[] {
    const at = this.#turn % this.instances.length;
    this.#turn += 1;
    return avoidedLast([...this.instances.slice(at), ...this.instances.slice(0, at)]);
  }

  /** All instances in the order in which to try them; the same for everything that shares a key. */
  byKey(key: string): Instance[] {
    return avoidedLast(rendezvousRank(key, this.instances, ({ origin }) => origin));
  }

  async close(): Promise<void> {
    await Promise.all(this.instances.map((instance) => instance.close()));
  }
}

function avoidedLast(instances: readonly Instance[]): Instance[] {
  return [
    ...instances.filter(({ isAvoided }) => !isAvoided),
    ...instances.filter(({ isAvoided }) => isAvoided),
  ];
}
