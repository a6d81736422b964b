import type { Aged } from '@secureconnect/degraded-mode';
import type { Database } from '@secureconnect/postgres';
import { ApiError, type Identity, type Logger, type RevocationCheck } from '@secureconnect/service';
import type { Revocation } from './revocation.ts';
import { tokensNotBeforeMs, unexpiredRevocations } from './revoked-tokens.ts';
import { SqlCopy } from './sql-copy.ts';

export interface SnapshotOptions {
  readonly database: Database;
  readonly log: Logger;
  /** Default 5000. */
  readonly refreshMs?: number;
}

interface Revoked {
  readonly expiryById: ReadonlyMap<string, number>;
  readonly notBeforeMs: number;
}

/**
 * A local copy of the unexpired revocations, and of the cutoff before which all tokens are refused,
 * refreshed from SQL.
 */
export class RevocationSnapshot extends SqlCopy<Revoked> implements RevocationCheck, Aged {
  #redisAnsweredSince = true;
  #refreshing: Promise<void> | undefined;

  constructor({ database, log, refreshMs = 5000 }: SnapshotOptions) {
    super({
      initial: { expiryById: new Map(), notBeforeMs: Number.NEGATIVE_INFINITY },
      read: () => readRevoked(database),
      refreshMs,
      log,
      failedMessage: 'revocation snapshot refresh failed',
      workedMessage: 'revocation snapshot is fresh again',
    });
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
    if (identity.issuedAtMs < this.value.notBeforeMs) return true;
    return this.holdsId(identity.tokenId) || this.holdsId(identity.sessionId);
  }

  /** Whether the copy has this `jti` or `sid`. */
  holdsId(id: string): boolean {
    const expiresAtMs = this.value.expiryById.get(id);
    return expiresAtMs !== undefined && expiresAtMs > Date.now();
  }

  /** The revocations of the current copy, to publish them again. */
  revocations(): Revocation[] {
    const all = [...this.value.expiryById].map(([id, expiresAtMs]) => ({ id, expiresAtMs }));
    return all.filter(({ id }) => this.holdsId(id));
  }

  async #refreshForOutage(): Promise<void> {
    this.#redisAnsweredSince = false;
    await this.tryRefresh();
    this.#refreshing = undefined;
  }
}

async function readRevoked(database: Database): Promise<Revoked> {
  const [revocations, notBeforeMs] = await Promise.all([
    unexpiredRevocations(database),
    tokensNotBeforeMs(database),
  ]);
  const expiryById = new Map(revocations.map(({ id, expiresAtMs }) => [id, expiresAtMs]));
  return { expiryById, notBeforeMs };
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
