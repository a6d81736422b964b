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
  /** Without Redis: an older snapshot can say nothing about anybody. */
  readonly maxStalenessSeconds: number;
  /**
   * Announced and not decided; beyond it, until a copy of the snapshot, all are asked about in full.
   * Default 50,000.
   */
  readonly maxAnnounced?: number;
}

/**
 * A revocation is announced inside its transaction, which SQL ends within this time: see the limits
 * of statements and of idle transactions in packages/postgres. What is not in SQL by then was
 * undone.
 */
const maxTransactionMs = 5000;
const minPauseMs = 5;
const maxPauseMs = 500;
const defaultMaxAnnounced = 50_000;

/**
 * What this process knows of revocations without asking anybody, for what lasts longer than a
 * request. Revocations are announced over Redis before they are committed, and confirmed in SQL:
 * one question for all that were announced, however many sockets are open here. What was announced
 * while Redis was away is in the snapshot, whose copies are taken by time.
 */
export class RevocationFeed {
  /** Before the flag flips back, announcements are listened to again. */
  readonly reconciler: Reconciler;
  readonly #options: RevocationFeedOptions;
  /** When each id was announced, by `performance.now()`, until SQL has decided. */
  readonly #announced = new Map<string, number>();
  /** Confirmed since the last copy of the snapshot, with the end of each. */
  readonly #confirmed = new Map<string, number>();
  readonly #listeners = new Set<(ids: readonly string[]) => void>();
  /** When an announcement was dropped last. */
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
      // What was announced to a Redis that did not answer any more is in SQL.
      else if (state === 'unavailable') void snapshot.redisIsAway();
    });
  }

  /** Whether this token or its session is known to be revoked. */
  holds(identity: Identity): boolean {
    const { snapshot } = this.#options;
    return snapshot.holds(identity) || idsOf(identity).some((id) => this.#isConfirmed(id));
  }

  /** Whether `holds` says all there is to say of an identity; else the revocations must be asked. */
  isCurrent(identity: Identity): boolean {
    const isDecided = idsOf(identity).every((id) => !this.#announced.has(id));
    const { mode } = this.#options.redis;
    return mode.isAvailable() && isDecided && !this.#hasDropped();
  }

  /** Whether more was announced than is kept, and no copy of the snapshot can know of it yet. */
  #hasDropped(): boolean {
    const takenAt = performance.now() - this.#options.snapshot.stalenessSeconds() * 1000;
    return takenAt < this.#droppedAt + maxTransactionMs;
  }

  /** Whether nothing can be said of anybody: Redis is away, and the snapshot is too old. */
  isOutdated(): boolean {
    const { redis, snapshot, maxStalenessSeconds } = this.#options;
    return !redis.mode.isAvailable() && snapshot.stalenessSeconds() > maxStalenessSeconds;
  }

  /** Calls back with the ids of what was announced as soon as SQL confirms it. */
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

  /** Asks SQL until everything that was announced is confirmed, or was undone. Never rejects. */
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
      // Not swallowed: what is not decided is asked about in full, which refuses without SQL.
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

  /** What a copy of the snapshot holds, or what has expired, need not be kept here. */
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
