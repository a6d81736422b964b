import type { Random } from '../chaos/random.ts';
import type { PlannedDelivery } from './plan.ts';

/** Deliveries that nobody has begun; some are held back until their alert may come. */
export class Queue {
  readonly #waiting: PlannedDelivery[] = [];
  readonly #held = new Map<string, PlannedDelivery[]>();
  readonly #random: Random;

  /** @param heldBack fingerprints; what has such an alert waits for {@link release} */
  constructor(deliveries: readonly PlannedDelivery[], heldBack: readonly string[], random: Random) {
    this.#random = random;
    for (const fingerprint of heldBack) this.#held.set(fingerprint, []);
    for (const one of deliveries) this.#put(one);
  }

  next(): PlannedDelivery | undefined {
    return this.#waiting.pop();
  }

  /** Puts what was held back for an alert among the others, anywhere. */
  release(fingerprint: string): void {
    const held = this.#held.get(fingerprint) ?? [];
    this.#held.delete(fingerprint);
    for (const one of held) this.#put(one);
  }

  #put(delivery: PlannedDelivery): void {
    const held = delivery.alerts
      .map(({ fingerprint }) => this.#held.get(fingerprint))
      .find((list) => list !== undefined);
    if (held !== undefined) held.push(delivery);
    else this.#waiting.splice(this.#random.integer(0, this.#waiting.length), 0, delivery);
  }
}
