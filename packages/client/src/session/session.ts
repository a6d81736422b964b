import { RefusedError, SignedOutError } from '../http/errors.ts';
import type { Requester, TokenSource } from '../http/request.ts';
import type { Schemas } from '../http/routes.ts';
import { StorageFullError } from '../stores/storage-full-error.ts';
import type { Store } from '../stores/store.ts';
import type { Locks } from '../support/locks.ts';
import {
  deleteSession,
  readSession,
  type StoredSession,
  sessionOf,
  writeSession,
} from './stored-session.ts';

export interface SessionOptions {
  readonly requester: Requester;
  readonly store: Store;
  readonly locks: Locks;
  /** Called when the session has ended without `signOut` here. */
  readonly onSignedOut: () => void;
}

/** A token is renewed when it has less than this left. */
const renewBeforeMs = 30_000;
/** The server repeats its reply to a refresh for ten seconds (docs/retries.md). */
const refreshForMs = 8000;
/** Held by whoever writes the session in the store. */
const lockName = 'secureconnect/refresh';

/**
 * The tokens of the signed-in user. They are renewed by one request at a time, over all pages of a
 * browser: a refresh token is good once.
 */
export class Session implements TokenSource {
  readonly #options: SessionOptions;
  /** As last read; another page may have renewed it since, or signed in somebody else. */
  #known: StoredSession | undefined;
  /** As renewed, where the store was full: the one in the store is of no use any more. */
  #unsaved: StoredSession | undefined;
  #isLeaving = false;

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  /** The id of the signed-in user. */
  async userId(): Promise<string | undefined> {
    return (await this.#read())?.userId;
  }

  /**
   * Signs in with tokens that the server has just given. A renewal that is under way ends before, or
   * its reply would replace them by those of the former session.
   */
  async adopt(tokens: Schemas['Tokens']): Promise<void> {
    const session = sessionOf(tokens);
    await this.#options.locks.hold(lockName, undefined, async () => {
      await writeSession(this.#options.store, session);
      this.#known = session;
      this.#unsaved = undefined;
    });
  }

  /** Ends the session on the server by a request, and forgets it; that it ends is then no news. */
  async leave(logOut: () => Promise<unknown>): Promise<void> {
    this.#isLeaving = true;
    try {
      await logOut();
      await this.forget();
    } finally {
      this.#isLeaving = false;
    }
  }

  /** Forgets the tokens, also those of a renewal that is under way; the server is not asked. */
  forget(): Promise<void> {
    return this.#options.locks.hold(lockName, undefined, () => this.#drop());
  }

  /** To be called by the holder of the lock. */
  async #drop(): Promise<void> {
    this.#known = undefined;
    this.#unsaved = undefined;
    await deleteSession(this.#options.store);
  }

  /** The tokens of one user: never those of somebody else who signs in on another page. */
  of(userId: string): TokenSource {
    return {
      current: async (signal) => {
        const session = this.#known ?? (await this.#read());
        if (session !== undefined && session.userId !== userId) throw signedOut();
        return this.current(signal);
      },
      replace: (refused, signal) => this.#renew(refused, signal, userId),
    };
  }

  async current(signal: AbortSignal): Promise<string | undefined> {
    const session = this.#known ?? (await this.#read());
    if (session === undefined) return undefined;
    const leftMs = session.expiresAtMs - Date.now();
    const isRenewable = session.refreshToken !== '';
    if (leftMs > (isRenewable ? renewBeforeMs : 0)) return session.accessToken;
    try {
      return await this.#renew(session.accessToken, signal, session.userId);
    } catch (error) {
      // The server may be unable to renew it for now, and the old one is good yet.
      if (error instanceof SignedOutError || signal.aborted || leftMs <= 0) throw error;
      return session.accessToken;
    }
  }

  replace(refused: string, signal: AbortSignal): Promise<string | undefined> {
    return this.#renew(refused, signal, this.#known?.userId);
  }

  async #renew(former: string, signal: AbortSignal, userId: string | undefined): Promise<string> {
    return this.#options.locks.hold(lockName, signal, async () => {
      const wasKnown = this.#known !== undefined;
      const session = await this.#read();
      if (session === undefined || (userId !== undefined && session.userId !== userId)) {
        // Another page has signed out, or has signed in somebody else.
        if (wasKnown) this.#tellSignedOut();
        throw signedOut();
      }
      if (session.accessToken !== former) return session.accessToken;
      return this.#refresh(session, signal);
    });
  }

  async #refresh(session: StoredSession, signal: AbortSignal): Promise<string> {
    if (session.refreshToken === '') return this.#end();
    const body = { refresh_token: session.refreshToken };
    const options = { signal, isRepeatable: true, retryForMs: refreshForMs, timeoutMs: 4000 };
    try {
      const { requester } = this.#options;
      const tokens = await requester.send('POST /v1/auth/refresh', { body }, undefined, options);
      await this.#keep(sessionOf(tokens));
      return tokens.access_token;
    } catch (error) {
      if (error instanceof RefusedError && error.status === 401) return this.#end();
      throw error;
    }
  }

  async #end(): Promise<never> {
    await this.#drop();
    this.#tellSignedOut();
    throw signedOut();
  }

  async #read(): Promise<StoredSession | undefined> {
    if (this.#unsaved !== undefined) await this.#keep(this.#unsaved);
    else this.#known = await readSession(this.#options.store);
    return this.#known;
  }

  /** A renewed session is good although it cannot be kept for now. */
  async #keep(session: StoredSession): Promise<void> {
    this.#known = session;
    this.#unsaved = session;
    try {
      await writeSession(this.#options.store, session);
      this.#unsaved = undefined;
    } catch (error) {
      if (!(error instanceof StorageFullError)) throw error;
    }
  }

  #tellSignedOut(): void {
    if (!this.#isLeaving) this.#options.onSignedOut();
  }
}

function signedOut(): SignedOutError {
  return new SignedOutError('The session has ended: sign in again.');
}
