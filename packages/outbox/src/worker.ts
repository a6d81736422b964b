import { OutageLog } from '@secureconnect/service';
import { Delivery, type DeliveryDeps } from './delivery.ts';

const sweepEveryMs = 30_000;

export interface WorkerOptions extends Omit<DeliveryDeps, 'outages'> {
  /** How long an effect is leased; the lease is extended while the delivery runs. */
  readonly leaseSeconds: number;
}

/** Delivers the effects of one kind, as many at once as its handler allows. */
export class Worker {
  readonly #options: WorkerOptions;
  readonly #deps: DeliveryDeps;
  readonly #running = new Map<Delivery, Promise<void>>();
  readonly #failures: OutageLog;
  #isStopping = false;
  #sweptAt = 0;

  constructor(options: WorkerOptions) {
    this.#options = options;
    const { log, handler } = options;
    const fields = { kind: handler.name };
    const outages = new OutageLog({
      log,
      fields,
      failedMessage: 'delivery of effects failed; retrying later',
      workedMessage: 'effects are delivered again',
    });
    this.#deps = { ...options, outages };
    this.#failures = new OutageLog({
      log,
      fields,
      failedMessage: 'outcome of a delivery not stored; it is repeated after its lease',
      workedMessage: 'outcomes of deliveries are stored again',
    });
  }

  /** Claims and begins due deliveries until none is due or all slots are in use. */
  async turn(): Promise<void> {
    const { handler } = this.#options;
    while (!this.#isStopping) {
      const free = handler.maxConcurrent - this.#running.size;
      if (free <= 0) return;
      const claimed = await this.#claim(free);
      if (claimed < free) return;
      // There may be more: continue as soon as there is a free slot. A stop aborts the deliveries,
      // so it frees one; a promise of its own would keep something of each race until then.
      if (this.#running.size > 0) await Promise.race([...this.#running.values()]);
    }
  }

  async #claim(maxEffects: number): Promise<number> {
    const { handler, store, leaseSeconds } = this.#options;
    const now = performance.now();
    const isSweep = now - this.#sweptAt > sweepEveryMs;
    if (isSweep) this.#sweptAt = now;
    const claim = { kind: handler.name, maxEffects, leaseSeconds, isSweep };
    const effects = await store.claim(claim);
    for (const effect of effects) {
      const delivery = new Delivery(effect, now + leaseSeconds * 1000, this.#deps);
      if (this.#isStopping) delivery.interrupt('stopping');
      const done = this.#run(delivery).finally(() => this.#running.delete(delivery));
      this.#running.set(delivery, done);
    }
    return effects.length;
  }

  async #run(delivery: Delivery): Promise<void> {
    try {
      await delivery.run();
      this.#failures.worked();
    } catch (error) {
      this.#failures.failed(error);
    }
  }

  /** Extends the leases of current deliveries. */
  async extendLeases(): Promise<void> {
    const { store, leaseSeconds } = this.#options;
    const deliveries = [...this.#running.keys()];
    if (deliveries.length === 0) return;
    const leaseEndsAt = performance.now() + leaseSeconds * 1000;
    let held: ReadonlySet<string> | undefined;
    try {
      const effects = deliveries.map(({ effect }) => effect);
      held = await store.extend(effects, leaseSeconds);
    } finally {
      for (const delivery of deliveries) {
        // Ended deliveries have no lease.
        if (!this.#running.has(delivery)) continue;
        delivery.checkLease(held?.has(delivery.effect.effectId), leaseEndsAt);
      }
    }
  }

  /** Aborts current deliveries and gives their leases back. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    for (const delivery of this.#running.keys()) delivery.interrupt('stopping');
    await Promise.all(this.#running.values());
  }
}
