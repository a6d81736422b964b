import { ApiError, addressSubject } from '@secureconnect/service';
import { TurnsByClient } from './turns-by-client.ts';

/** Who wants a password hashed. */
export interface HashClient {
  /** Clients take turns, so that the many requests of one do not stand before the one of another. */
  readonly clientAddress: string;
  /** A signal that is aborted when nobody waits for the reply any more. */
  readonly clientLeft: () => AbortSignal;
}

/** Why a request left the queue without a hash. */
export type HashRefusal = 'queue_full' | 'waited_too_long' | 'client_left';

export interface HashQueueOptions {
  /** Hashes at the same time, at most. */
  readonly maxRunning: number;
  /** A request that would wait longer is refused at once, and one that has is refused then. */
  readonly maxWaitMs: number;
  /** How long a hash takes, until some were measured. */
  readonly firstHashMs: number;
  readonly onRefused: (why: HashRefusal) => void;
}

/** A request in the queue. */
interface Waiter {
  /** Ends the waiting: with its turn, or with the reason why it has none. */
  readonly end: (why?: HashRefusal) => void;
}

/** How much the newest hash counts in the mean duration. */
const newestShare = 0.2;

/**
 * Keeps the hashing of passwords to a part of libuv's threads, and its queue to some seconds' worth:
 * beyond that requests are refused before anything was hashed. Connections to the database and look-ups
 * of names need the same threads, and whoever waits longer than a few seconds has gone.
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

  /** Runs `hash` when it is the client's turn. Throws SERVICE_UNAVAILABLE where that is too late. */
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

  /** Resolves at the client's turn, which is then taken. */
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

  /** Resolves to why the request goes without a turn, or to nothing at its turn. */
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

  /** How long so many hashes take. */
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
