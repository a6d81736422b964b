import type { Aged } from '@secureconnect/degraded-mode';
import type { Database } from '@secureconnect/postgres';
import {
  ApiError,
  type Identity,
  type Logger,
  OutageLog,
  type RevocationCheck,
} from '@secureconnect/service';
import type { Revocation } from './revocation.ts';
import { tokensNotBeforeMs, unexpiredRevocations } from './revoked-tokens.ts';

export interface SnapshotOptions {
  readonly database: Database;
  readonly log: Logger;
  /** Default 5000. */
  readonly refreshMs?: number;
}

/**
 * Every process's own copy of the unexpired revocations, and of the moment before which all tokens are
 * refused, refreshed from SQL.
 */
export class RevocationSnapshot implements RevocationCheck, Aged {
  readonly #options: SnapshotOptions;
  #expiryById: ReadonlyMap<string, number> = new Map();
  #notBeforeMs = Number.NEGATIVE_INFINITY;
  #takenAt = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;
  readonly #outages: OutageLog;
  #redisAnsweredSince = true;
  #refreshing: Promise<void> | undefined;

  constructor(options: SnapshotOptions) {
    this.#options = options;
    this.#outages = new OutageLog({
      log: options.log,
      fields: {},
      failedMessage: 'revocation snapshot refresh failed',
      workedMessage: 'revocation snapshot is fresh again',
    });
  }

  /** Takes the first copy and goes on; a first copy that fails is tried again by the timer. */
  async start(): Promise<void> {
    await this.#refresh();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  stalenessSeconds(): number {
    return (performance.now() - this.#takenAt) / 1000;
  }

  /**
   * As the fallback of Redis. What was revoked between the last copy and the outage is known to
   * Redis and SQL alone, so the first to ask after Redis has failed takes a copy, once for all who
   * wait. If SQL does not answer either, the copy at hand counts, for as long as its row allows.
   */
  async isRevoked(identity: Identity): Promise<boolean> {
    await this.redisIsAway();
    return this.holds(identity);
  }

  /** Resolves when a copy was taken since Redis answered last, or could not be. */
  async redisIsAway(): Promise<void> {
    if (this.#redisAnsweredSince) this.#refreshing ??= this.#refreshForOutage();
    await this.#refreshing;
  }

  /** Redis has answered a check: from here on it may know more than this copy. */
  redisAnswered(): void {
    this.#redisAnsweredSince = true;
  }

  /** Whether the copy names this token or its session, or the token is from before all are accepted. */
  holds(identity: Identity): boolean {
    if (identity.issuedAtMs < this.#notBeforeMs) return true;
    return this.holdsId(identity.tokenId) || this.holdsId(identity.sessionId);
  }

  /** Whether the copy names this `jti` or `sid`. */
  holdsId(id: string): boolean {
    const expiresAtMs = this.#expiryById.get(id);
    return expiresAtMs !== undefined && expiresAtMs > Date.now();
  }

  /** What the copy holds now, for publishing it again. */
  revocations(): Revocation[] {
    const all = [...this.#expiryById].map(([id, expiresAtMs]) => ({ id, expiresAtMs }));
    return all.filter(({ id }) => this.holdsId(id));
  }

  /** Takes a copy now. Rejects when SQL cannot be read. */
  async refreshNow(): Promise<void> {
    const askedAt = performance.now();
    const { database } = this.#options;
    const [revocations, notBeforeMs] = await Promise.all([
      unexpiredRevocations(database),
      tokensNotBeforeMs(database),
    ]);
    // Of two that were under way at once, the one that was asked for last holds more.
    if (askedAt < this.#takenAt) return;
    this.#notBeforeMs = notBeforeMs;
    this.#expiryById = new Map(revocations.map(({ id, expiresAtMs }) => [id, expiresAtMs]));
    // As old as the question, not as the answer.
    this.#takenAt = askedAt;
  }

  async #refreshForOutage(): Promise<void> {
    this.#redisAnsweredSince = false;
    await this.#tryRefresh();
    this.#refreshing = undefined;
  }

  async #tryRefresh(): Promise<void> {
    try {
      await this.refreshNow();
      this.#outages.worked();
    } catch (error) {
      // Not swallowed: the copy ages, and too old a copy makes its rows fail closed.
      this.#outages.failed(error);
    }
  }

  async #refresh(): Promise<void> {
    const { refreshMs = 5000 } = this.#options;
    await this.#tryRefresh();
    if (this.#stopped) return;
    this.#timer = setTimeout(() => void this.#refresh(), refreshMs * (0.9 + 0.2 * Math.random()));
    this.#timer.unref();
  }
}

/**
 * The check of a service that has no Redis: the snapshot alone, while it is young enough. Throws
 * SERVICE_UNAVAILABLE when it is not.
 */
export function snapshotOnly(
  snapshot: RevocationSnapshot,
  maxStalenessSeconds: number,
): RevocationCheck {
  return {
    async isRevoked(identity) {
      if (snapshot.stalenessSeconds() > maxStalenessSeconds) {
        throw new ApiError('SERVICE_UNAVAILABLE', 'Revoked tokens cannot be checked; retry.', {
          retryAfterSeconds: 5,
        });
      }
      return snapshot.holds(identity);
    },
  };
}
