import type { Identity } from '@secureconnect/service';
import { type CloseCode, closeCodes } from './close-codes.ts';

/** What a process knows of revocations without asking anybody; packages/tokens has it. */
export interface RevocationWatch {
  /** Whether this token or its session is known to be revoked. */
  holds(identity: Identity): boolean;
  /** Whether `holds` says all there is to say of an identity; else the revocations must be asked. */
  isCurrent(identity: Identity): boolean;
  /** Whether nothing can be said of anybody. */
  isOutdated(): boolean;
  /** Calls back with the ids (`jti`, `sid`) of what is revoked, as soon as that is known. */
  onRevoked(listener: (ids: readonly string[]) => void): void;
}

/** A socket that lasts as long as its session. */
export interface GuardedSocket {
  readonly user: Identity;
  close(code: CloseCode): void;
  /** Asks the revocations, as a request would. Rejects where they cannot be told. */
  isRevoked(): Promise<boolean>;
}

/** What was not announced is found this often: in copies that were taken by time, and their age. */
const sweepMs = 1000;

/**
 * Ends sockets with their sessions. A socket may go on while a request with its token would be
 * served. What is announced costs one look into a map, a frame two, and a sweep two for each socket.
 */
export class SessionGuard {
  readonly #watch: RevocationWatch;
  /** Each socket under the id of its token, and under that of its session. */
  readonly #byId = new Map<string, Set<GuardedSocket>>();
  readonly #sockets = new Set<GuardedSocket>();
  readonly #timer: NodeJS.Timeout;

  constructor(watch: RevocationWatch) {
    this.#watch = watch;
    watch.onRevoked((ids) => this.#end(ids));
    this.#timer = setInterval(() => this.#sweep(), sweepMs);
    this.#timer.unref();
  }

  /** Guards a socket, from before it is open: what is revoked meanwhile is not missed. */
  add(socket: GuardedSocket): void {
    this.#sockets.add(socket);
    for (const id of idsOf(socket)) {
      const sockets = this.#byId.get(id);
      if (sockets === undefined) this.#byId.set(id, new Set([socket]));
      else sockets.add(socket);
    }
  }

  remove(socket: GuardedSocket): void {
    this.#sockets.delete(socket);
    for (const id of idsOf(socket)) {
      const sockets = this.#byId.get(id);
      sockets?.delete(socket);
      if (sockets?.size === 0) this.#byId.delete(id);
    }
  }

  /**
   * Whether a frame of this socket may be served; where its session has ended it is closed. Rejects
   * where that cannot be told.
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
      for (const socket of this.#byId.get(id) ?? []) socket.close(closeCodes.tokenRevoked);
    }
  }

  #sweep(): void {
    const isOutdated = this.#watch.isOutdated();
    for (const socket of this.#sockets) {
      if (this.#watch.holds(socket.user)) socket.close(closeCodes.tokenRevoked);
      else if (isOutdated) socket.close(closeCodes.tryAgainLater);
    }
  }
}

function idsOf({ user }: GuardedSocket): ReadonlySet<string> {
  return new Set([user.tokenId, user.sessionId]);
}
