import { ApiError, addressSubject } from '@secureconnect/service';

export interface SignInGateOptions {
  /** Maximum requests per second of this process, all clients together. */
  readonly perSecond: number;
  readonly onRefused: () => void;
  /** Maximum addresses with a budget of their own; further ones share one. Default 10,000. */
  readonly maxAddresses?: number;
  /** Milliseconds; default: since the start of the process. */
  readonly now?: () => number;
}

/** A token bucket: requests that may come at once, refilled steadily. */
interface Budget {
  left: number;
  atMs: number;
}

/** Seconds of the rate that may come at once. */
const burstSeconds = 2;
/** The share of an address in the rate, so that one client cannot use all of it. */
const addressShare = 0.5;

/**
 * Admits sign-ins of one process at a bounded rate, before anything is asked of SQL. The limits of
 * the gateway are per address, and while Redis is down each gateway keeps its own; this one holds
 * for floods from many addresses, through any number of gateways, and without Redis.
 */
export class SignInGate {
  readonly #options: SignInGateOptions;
  readonly #all: Budget;
  readonly #byAddress = new Map<string, Budget>();
  readonly #others: Budget;
  readonly #now: () => number;

  constructor(options: SignInGateOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
    this.#all = this.#full(options.perSecond);
    this.#others = this.#full(options.perSecond * addressShare);
  }

  /** Throws SERVICE_UNAVAILABLE if the address, or all together, have used up their rate. */
  admit(clientAddress: string): void {
    const { perSecond } = this.#options;
    const ofAddress = this.#budgetOf(addressSubject(clientAddress));
    this.#refill(ofAddress, perSecond * addressShare);
    this.#refill(this.#all, perSecond);
    if (ofAddress.left < 1 || this.#all.left < 1) {
      this.#options.onRefused();
      const message = 'Too many sign-ins at the moment; nothing was done. Retry later.';
      throw new ApiError('SERVICE_UNAVAILABLE', message, { retryAfterSeconds: burstSeconds });
    }
    ofAddress.left -= 1;
    this.#all.left -= 1;
  }

  #budgetOf(address: string): Budget {
    const known = this.#byAddress.get(address);
    if (known !== undefined) return known;
    const { maxAddresses = 10_000, perSecond } = this.#options;
    if (this.#byAddress.size >= maxAddresses) this.#dropFull();
    if (this.#byAddress.size >= maxAddresses) return this.#others;
    const budget = this.#full(perSecond * addressShare);
    this.#byAddress.set(address, budget);
    return budget;
  }

  #full(perSecond: number): Budget {
    return { left: Math.max(1, perSecond * burstSeconds), atMs: this.#now() };
  }

  #refill(budget: Budget, perSecond: number): void {
    const nowMs = this.#now();
    const gained = ((nowMs - budget.atMs) / 1000) * perSecond;
    budget.left = Math.min(Math.max(1, perSecond * burstSeconds), budget.left + gained);
    budget.atMs = nowMs;
  }

  /** Drops the budgets that are full by now: they are the same as new ones. */
  #dropFull(): void {
    const fullSince = this.#now() - burstSeconds * 1000;
    for (const [address, { atMs }] of this.#byAddress) {
      if (atMs <= fullSince) this.#byAddress.delete(address);
    }
  }
}
