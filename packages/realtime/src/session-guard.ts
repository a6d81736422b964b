import type { Identity } from '@secureconnect/service';
import { type CloseCode, closeCodes } from './close-codes.ts';
import { Multimap } from './multimap.ts';

/** A process's local knowledge of revocations; packages/tokens implements it. */
export interface RevocationWatch {
  /** Whether this token or its session is known to be revoked. */
  holds(identity: Identity): boolean;
  /** Whether `holds` is conclusive for an identity; otherwise the revocations must be queried. */
  isCurrent(identity: Identity): boolean;
  /** Whether the local knowledge is too old for any answer. */
  isOutdated(): boolean;
  /**
   * Calls back with the ids (`jti`, `sid`) of revoked tokens and sessions, as soon as they are
   * known.
   */
  onRevoked(listener: (ids: readonly string[]) => void): void;
}

/** A socket that lasts as long as its session. */
export interface GuardedSocket {
  readonly user: Identity;
  close(code: CloseCode): void;
  /** Queries the revocations, as a request would. Rejects if they are unavailable. */
  isRevoked(): Promise<boolean>;
}

/**
 * The interval of checks for revocations that were not announced, for outdated copies, and for tokens
 * that end soon.
 */
const sweepMs = 1000;
/** A token that ends within this time gets a timer; there is a sweep before, even a late one. */
const soonMs = 2 * sweepMs;

/**
 * Ends sockets with their sessions. A socket stays open as long as a request with its token would
 * be served. An announcement costs one map lookup, a frame two, and a sweep two per socket.
 */
export class SessionGuard {
  readonly #watch: RevocationWatch;
  /** Each socket by the id of its token and by the id of its session. */
  readonly #byId = new Multimap<string, GuardedSocket>();
  readonly #sockets = new Set<GuardedSocket>();
  readonly #timer: NodeJS.Timeout;

  constructor(watch: RevocationWatch) {
    this.#watch = watch;
    watch.onRevoked((ids) => this.#end(ids));
    this.#timer = setInterval(() => this.#sweep(), sweepMs);
    this.#timer.unref();
  }

  /** Guards a socket from before it is open, so that no revocation is missed. */
  add(socket: GuardedSocket): void {
    this.#sockets.add(socket);
    for (const id of idsOf(socket)) this.#byId.add(id, socket);
    this.#endInTime(socket);
  }

  remove(socket: GuardedSocket): void {
    this.#sockets.delete(socket);
    for (const id of idsOf(socket)) this.#byId.remove(id, socket);
  }

  /**
   * Whether a frame of this socket may be served; closes the socket if its session has ended.
   * Rejects if that is unknown.
   */
  async admits(socket: GuardedSocket): Promise<boolean> {
    const { user } = socket;
    if (user.expiresAtMs <= Date.now()) {
      socket.close(closeCodes.tokenExpired);
      return false;
    }
    const isRevoked =
      this.#watch.holds(user) || (!this.#watch.isCurrent(user) && (await socket.isRevoked()));
    if (isRevoked) socket.close(closeCodes.tokenRevoked);
    return !isRevoked;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #end(ids: readonly string[]): void {
    for (const id of ids) {
      for (const socket of this.#byId.of(id)) socket.close(closeCodes.tokenRevoked);
    }
  }

  #sweep(): void {
    const isOutdated = this.#watch.isOutdated();
    for (const socket of this.#sockets) {
      if (this.#watch.holds(socket.user)) socket.close(closeCodes.tokenRevoked);
      else if (isOutdated) socket.close(closeCodes.tryAgainLater);
      else this.#endInTime(socket);
    }
  }

  /**
   * Closes a socket when its token ends, if that is soon. A timer for each socket from its beginning
   * would cost more memory than its place in the sweep.
   */
  #endInTime(socket: GuardedSocket): void {
    const leftMs = socket.user.expiresAtMs - Date.now();
    if (leftMs > soonMs) return;
    setTimeout(() => socket.close(closeCodes.tokenExpired), leftMs).unref();
  }
}

function idsOf({ user }: GuardedSocket): ReadonlySet<string> {
  return new Set([user.tokenId, user.sessionId]);
}
