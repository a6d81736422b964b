import { setTimeout as delay } from 'node:timers/promises';
import type { Logger, OutageLog } from '@secureconnect/service';
import { pauseSecondsAfter } from './back-off.ts';
import {
  DeliveryFailed,
  DeliveryPostponed,
  DeliveryRefused,
  type EffectHandler,
} from './effect.ts';
import type { Outcome } from './metrics.ts';
import type { LeasedEffect, OutboxStore } from './store.ts';

export interface DeliveryDeps {
  readonly handler: EffectHandler;
  readonly store: OutboxStore;
  readonly log: Logger;
  /** Logs outages of the receiver. */
  readonly outages: OutageLog;
  readonly count: (outcome: Outcome) => void;
}

/** Aborts a delivery. */
type Interruption = 'stopping' | 'lease lost';

/** How long storing a delivery is retried: the database may be down. */
const completionLimitMs = 300_000;
const completionPauseMs = 500;

/** One attempt of one effect, from its claim to its outcome in the outbox. */
export class Delivery {
  readonly effect: LeasedEffect;
  readonly #deps: DeliveryDeps;
  readonly #abort = new AbortController();
  #leaseEndsAt: number;
  #interruption: Interruption | undefined;

  /** @param leaseEndsAt by `performance.now()` */
  constructor(effect: LeasedEffect, leaseEndsAt: number, deps: DeliveryDeps) {
    this.effect = effect;
    this.#deps = deps;
    this.#leaseEndsAt = leaseEndsAt;
  }

  interrupt(why: Interruption): void {
    this.#interruption ??= why;
    this.#abort.abort();
  }

  /**
   * The lease was extended, or was not: it is lost when it has ended, or a different process has
   * it.
   */
  checkLease(isHeld: boolean | undefined, leaseEndsAt: number): void {
    if (isHeld === true) this.#leaseEndsAt = leaseEndsAt;
    if (isHeld === false || performance.now() > this.#leaseEndsAt) this.interrupt('lease lost');
  }

  #isStopping(): boolean {
    return this.#interruption === 'stopping';
  }

  /** Delivers and stores the outcome. Rejects if the database does not accept it. */
  async run(): Promise<void> {
    const { handler, store, outages, count } = this.#deps;
    if (this.#isStopping()) return store.release(this.effect);
    if (this.effect.tries > handler.retry.maxTries) return this.#bury('PROCESS_ENDED', 'exhausted');
    try {
      await handler.deliver(this.effect, this.#abort.signal);
    } catch (error) {
      if (!this.#abort.signal.aborted) return this.#failed(error);
      count(this.#isStopping() ? 'released' : 'lease_lost');
      return this.#isStopping() ? store.release(this.effect) : undefined;
    }
    outages.worked();
    count('delivered');
    await this.#complete();
  }

  /** Retries until the database has it: otherwise the effect is delivered a second time. */
  async #complete(): Promise<void> {
    const deadline = performance.now() + completionLimitMs;
    for (;;) {
      try {
        return await this.#deps.store.complete(this.effect);
      } catch (error) {
        if (this.#isStopping() || performance.now() > deadline) throw error;
      }
      await delay(completionPauseMs);
    }
  }

  async #failed(error: unknown): Promise<void> {
    const { handler, store, outages, count } = this.#deps;
    const { tries } = this.effect;
    if (error instanceof DeliveryPostponed) {
      count('postponed');
      const { reason, pauseSeconds } = error;
      return store.postpone(this.effect, { pauseSeconds, reason, isAttempt: false });
    }
    const reason = reasonOf(error);
    if (error instanceof DeliveryRefused) return this.#bury(reason, 'refused');
    const isTold = error instanceof DeliveryFailed;
    const remedy = isTold && error.remedy !== undefined ? { remedy: error.remedy } : {};
    outages.failed(isTold ? reason : error, { reason, tries, ...remedy });
    if (tries >= handler.retry.maxTries) return this.#bury(reason, 'exhausted');
    count('failed');
    const minPauseSeconds = error instanceof DeliveryFailed ? error.minPauseSeconds : 0;
    const pauseSeconds = Math.max(pauseSecondsAfter(handler.retry, tries), minPauseSeconds);
    await store.postpone(this.effect, { pauseSeconds, reason, isAttempt: true });
  }

  async #bury(reason: string, outcome: 'refused' | 'exhausted'): Promise<void> {
    const { handler, store, log, count } = this.#deps;
    const { effectId, tries } = this.effect;
    const fields = { kind: handler.name, effect_id: effectId, reason, tries };
    await store.bury(this.effect, reason);
    count(outcome);
    log.warn(fields, 'effect not delivered; it is a dead letter');
  }
}

/** What may be logged and stored of an error: its reason, its code, or its class. */
function reasonOf(error: unknown): string {
  if (error instanceof DeliveryFailed) return error.reason;
  if (!(error instanceof Error)) return 'unknown';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return /^[A-Z0-9_]{2,32}$/.test(code) ? code : error.name;
}
