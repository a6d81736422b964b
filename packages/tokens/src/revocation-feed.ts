import { RevokedIds } from '@secureconnect/contracts';
import type { Reconciler } from '@secureconnect/degraded-mode';
import type { Database } from '@secureconnect/postgres';
import type { RedisConnection } from '@secureconnect/redis';
import { type Identity, type Logger, OutageLog } from '@secureconnect/service';
import { maxIdsAtOnce, type Revocation, revocationsChannel } from './revocation.ts';
import type { RevocationSnapshot } from './revocation-snapshot.ts';
import { revocationsAmong } from './revoked-tokens.ts';

export interface RevocationFeedOptions {
  readonly redis: RedisConnection;
  readonly snapshot: RevocationSnapshot;
  readonly database: Database;
  readonly log: Logger;
  /** Maximum age of the snapshot without Redis; an older snapshot decides nothing. */
  readonly maxStalenessSeconds: number;
  /**
   * Maximum undecided announcements. If there are more, `isCurrent` is false for all tokens until
   * the next snapshot. Default 50,000.
   */
  readonly maxAnnounced?: number;
}

/**
 * A revocation is announced inside its transaction, which ends within this time: see the limits of
 * statements and of idle transactions in packages/postgres. An announcement that is not in SQL by
 * then was rolled back.
 */
const maxTransactionMs = 5000;
const minPauseMs = 5;
const maxPauseMs = 500;
const defaultMaxAnnounced = 50_000;

/**
 * The revocations known to this process, for sockets and other long-lived uses of tokens.
 * Revocations are announced over Redis before they are committed, and then confirmed in SQL, with
 * one query for all announcements, however many sockets are open. The snapshot, which is refreshed
 * periodically, has the revocations from outages of Redis.
 */
export class RevocationFeed {
  /** Subscribes to announcements again before the flag flips back. */
  readonly reconciler: Reconciler;
  readonly #options: RevocationFeedOptions;
  /** The time of each undecided announcement, by `performance.now()`. */
  readonly #announced = new Map<string, number>();
  /** The ids confirmed since the last snapshot, with the end of each revocation. */
  readonly #confirmed = new Map<string, number>();
  readonly #listeners = new Set<(ids: readonly string[]) => void>();
  /** When the last announcement was dropped. */
  #droppedAt = Number.NEGATIVE_INFINITY;
  #deciding = false;
  #pauseMs = minPauseMs;
  #endPause: () => void = () => undefined;
  readonly #outages: OutageLog;
  #stopped = false;

  constructor(options: RevocationFeedOptions) {
    this.#options = options;
    const { redis, snapshot, log } = options;
    this.#outages = new OutageLog({
      log,
      fields: {},
      failedMessage: 'confirmation of announced revocations failed',
      workedMessage: 'announced revocations are confirmed again',
    });
    const announcements = revocationsChannel(redis.commands);
    redis.subscriber.on('message', (channel: string, text: string) => {
      if (channel === announcements) this.#hear(text);
    });
    this.reconciler = {
      name: 'revocation feed',
      run: async () => {
        await redis.subscriber.subscribe(announcements);
      },
    };
    redis.mode.availability.on('changed', (state) => {
      if (state === 'available') snapshot.redisAnswered();
      // Announcements that a failing Redis did not deliver are in SQL.
      else if (state === 'unavailable') void snapshot.redisIsAway();
    });
  }

  /** Whether this token or its session is known to be revoked. */
  holds(identity: Identity): boolean {
    const { snapshot } = this.#options;
    return snapshot.holds(identity) || idsOf(identity).some((id) => this.#isConfirmed(id));
  }

  /** Whether `holds` is complete for an identity; if not, the revocations must be checked. */
  isCurrent(identity: Identity): boolean {
    const isDecided = idsOf(identity).every((id) => !this.#announced.has(id));
    const { mode } = this.#options.redis;
    return mode.isAvailable() && isDecided && !this.#hasDropped();
  }

  /** Whether announcements were dropped that the current snapshot may not contain. */
  #hasDropped(): boolean {
    const takenAt = performance.now() - this.#options.snapshot.stalenessSeconds() * 1000;
    return takenAt < this.#droppedAt + maxTransactionMs;
  }

  /** Whether no token can be judged: Redis is down, and the snapshot is too old. */
  isOutdated(): boolean {
    const { redis, snapshot, maxStalenessSeconds } = this.#options;
    return !redis.mode.isAvailable() && snapshot.stalenessSeconds() > maxStalenessSeconds;
  }

  /** Calls the listener with announced ids as soon as SQL confirms them. */
  onRevoked(listener: (ids: readonly string[]) => void): void {
    this.#listeners.add(listener);
  }

  stop(): void {
    this.#stopped = true;
    this.#endPause();
  }

  #isConfirmed(id: string): boolean {
    const expiresAtMs = this.#confirmed.get(id);
    return expiresAtMs !== undefined && expiresAtMs > Date.now();
  }

  #hear(text: string): void {
    const ids = this.#read(text);
    const now = performance.now();
    const { maxAnnounced = defaultMaxAnnounced } = this.#options;
    for (const id of ids) {
      if (this.#announced.size < maxAnnounced) this.#announced.set(id, now);
      else this.#droppedAt = now;
    }
    this.#pauseMs = minPauseMs;
    this.#endPause();
    if (!this.#deciding) void this.#decide();
  }

  #read(text: string): readonly string[] {
    try {
      return RevokedIds.parse(JSON.parse(text));
    } catch (error) {
      this.#options.log.warn({ err: error }, 'announced revocation not understood');
      return [];
    }
  }

  /** Queries SQL until every announcement is confirmed or was rolled back. Never rejects. */
  async #decide(): Promise<void> {
    this.#deciding = true;
    while (this.#announced.size > 0 && !this.#stopped) {
      const ids = [...this.#announced.keys()];
      for (let from = 0; from < ids.length; from += maxIdsAtOnce) {
        await this.#ask(ids.slice(from, from + maxIdsAtOnce));
      }
      if (this.#announced.size > 0) await this.#pause();
    }
    this.#deciding = false;
  }

  async #ask(ids: readonly string[]): Promise<void> {
    const { database } = this.#options;
    const askedAt = performance.now();
    try {
      this.#confirm(await revocationsAmong(database, ids));
      for (const id of ids) {
        const announcedAt = this.#announced.get(id) ?? askedAt;
        if (askedAt - announcedAt > maxTransactionMs) this.#announced.delete(id);
      }
      this.#outages.worked();
    } catch (error) {
      // Not ignored: undecided tokens get the full check, which refuses them without SQL.
      this.#outages.failed(error);
    }
  }

  #confirm(revocations: readonly Revocation[]): void {
    this.#forgetCopied();
    for (const { id, expiresAtMs } of revocations) {
      this.#confirmed.set(id, expiresAtMs);
      this.#announced.delete(id);
    }
    const ids = revocations.map(({ id }) => id);
    if (ids.length > 0) for (const listener of this.#listeners) listener(ids);
  }

  /** Forgets revocations that have expired or are in the current snapshot. */
  #forgetCopied(): void {
    for (const id of this.#confirmed.keys()) {
      if (!this.#isConfirmed(id) || this.#options.snapshot.holdsId(id)) this.#confirmed.delete(id);
    }
  }

  #pause(): Promise<void> {
    const pauseMs = this.#pauseMs;
    this.#pauseMs = Math.min(pauseMs * 2, maxPauseMs);
    return new Promise((resolve) => {
      this.#endPause = resolve;
      setTimeout(resolve, pauseMs).unref();
    });
  }
}

function idsOf({ tokenId, sessionId }: Identity): readonly [string, string] {
  return [tokenId, sessionId];
}
