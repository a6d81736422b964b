import { ApiError, addressSubject } from '@secureconnect/service';
import { TurnsByClient } from './turns-by-client.ts';

/** The client whose password is hashed. */
export interface HashClient {
  /** Clients take turns, so that many requests of one client do not delay those of others. */
  readonly clientAddress: string;
  /** A signal that aborts when the client has disconnected. */
  readonly clientLeft: () => AbortSignal;
}

/** Why a request left the queue without a hash. */
export type HashRefusal = 'queue_full' | 'waited_too_long' | 'client_left';

export interface HashQueueOptions {
  /** Maximum concurrent hashes. */
  readonly maxRunning: number;
  /** Maximum wait. A request that would wait longer is refused at once. */
  readonly maxWaitMs: number;
  /** Assumed duration of a hash until one is measured. */
  readonly firstHashMs: number;
  readonly onRefused: (why: HashRefusal) => void;
}

/** A request in the queue. */
interface Waiter {
  /** Ends the wait: with a turn, or with the reason for the refusal. */
  readonly end: (why?: HashRefusal) => void;
}

/** Weight of the newest hash in the mean duration. */
const newestShare = 0.2;

/**
 * Limits password hashing to a part of libuv's threads, and its queue to a few seconds of work;
 * further requests are refused before anything is hashed. Database connections and DNS look-ups
 * need the same threads, and clients give up after a few seconds.
 */
export class HashQueue {
  readonly #options: HashQueueOptions;
  readonly #turns = new TurnsByClient<Waiter>();
  #running = 0;
  #hashMs: number;

  constructor(options: HashQueueOptions) {
    this.#options = options;
    this.#hashMs = options.firstHashMs;
  }

  /** Requests that wait for their turn. */
  get waiting(): number {
    return this.#turns.size;
  }

  /** Runs `hash` at the client's turn. Throws SERVICE_UNAVAILABLE if the wait is too long. */
  async run<Result>(client: HashClient, hash: () => Promise<Result>): Promise<Result> {
    await this.#turnOf(client);
    const startedAt = performance.now();
    try {
      return await hash();
    } finally {
      const tookMs = performance.now() - startedAt;
      this.#hashMs += newestShare * (tookMs - this.#hashMs);
      this.#running -= 1;
      this.#turns.takeNext()?.end();
    }
  }

  /** Resolves at the client's turn, and takes it. */
  async #turnOf({ clientAddress, clientLeft }: HashClient): Promise<void> {
    const { maxRunning, maxWaitMs } = this.#options;
    const left = clientLeft();
    if (left.aborted) throw this.#refused('client_left');
    if (this.#running < maxRunning) {
      this.#running += 1;
      return;
    }
    const client = addressSubject(clientAddress);
    const wouldWaitMs = this.#msFor(this.#turns.before(client) + 1);
    if (wouldWaitMs > maxWaitMs) throw this.#refused('queue_full');
    const why = await this.#wait(client, left);
    if (why !== undefined) throw this.#refused(why);
  }

  /** Resolves at the request's turn, or with the reason for its refusal. */
  #wait(client: string, left: AbortSignal): Promise<HashRefusal | undefined> {
    return new Promise((resolve) => {
      const waiter: Waiter = {
        end: (why) => {
          clearTimeout(timer);
          left.removeEventListener('abort', leave);
          if (why === undefined) this.#running += 1;
          else this.#turns.remove(client, waiter);
          resolve(why);
        },
      };
      const leave = (): void => waiter.end('client_left');
      const tooLate = (): void => waiter.end('waited_too_long');
      const timer = setTimeout(tooLate, this.#options.maxWaitMs);
      left.addEventListener('abort', leave);
      this.#turns.add(client, waiter);
    });
  }

  /** Expected duration of this number of hashes. */
  #msFor(hashes: number): number {
    return (hashes / this.#options.maxRunning) * this.#hashMs;
  }

  #refused(why: HashRefusal): ApiError {
    this.#options.onRefused(why);
    const seconds = Math.ceil(this.#msFor(this.waiting + this.#running) / 1000);
    const message = 'Too many passwords are being checked; nothing was done. Retry later.';
    return new ApiError('SERVICE_UNAVAILABLE', message, {
      retryAfterSeconds: Math.max(1, seconds),
    });
  }
}
