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
 * A local copy of the unexpired revocations, and of the cutoff before which all tokens are refused,
 * refreshed from SQL.
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

  /** Takes the first copy; if that fails, the timer retries. */
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
   * The fallback for Redis. Only Redis and SQL know revocations from between the last copy and the
   * outage, so the first check after a failure of Redis takes a new copy, for which concurrent
   * checks wait. If SQL is down too, the current copy is used, up to the maximum age that its route
   * allows.
   */
  async isRevoked(identity: Identity): Promise<boolean> {
    await this.redisIsAway();
    return this.holds(identity);
  }

  /** Resolves when a copy has been taken, or has failed, since the last answer of Redis. */
  async redisIsAway(): Promise<void> {
    if (this.#redisAnsweredSince) this.#refreshing ??= this.#refreshForOutage();
    await this.#refreshing;
  }

  /** Redis has answered a check, so from now on it may know more than this copy. */
  redisAnswered(): void {
    this.#redisAnsweredSince = true;
  }

  /** Whether the copy has this token or its session, or the token is older than the cutoff. */
  holds(identity: Identity): boolean {
    if (identity.issuedAtMs < this.#notBeforeMs) return true;
    return this.holdsId(identity.tokenId) || this.holdsId(identity.sessionId);
  }

  /** Whether the copy has this `jti` or `sid`. */
  holdsId(id: string): boolean {
    const expiresAtMs = this.#expiryById.get(id);
    return expiresAtMs !== undefined && expiresAtMs > Date.now();
  }

  /** The revocations of the current copy, to publish them again. */
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
    // Of two concurrent refreshes, keep the one that began later.
    if (askedAt < this.#takenAt) return;
    this.#notBeforeMs = notBeforeMs;
    this.#expiryById = new Map(revocations.map(({ id, expiresAtMs }) => [id, expiresAtMs]));
    // The age counts from the query, not from its result.
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
      // Not ignored: the copy ages, and routes fail closed if it is too old.
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
 * The check of a service without Redis, which uses only the snapshot. Throws SERVICE_UNAVAILABLE if
 * the snapshot is too old.
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
