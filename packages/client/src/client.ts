import { Chat, type ChatHandlers } from './chat/chat.ts';
import { Files } from './files/files.ts';
import { SignedOutError } from './http/errors.ts';
import { type AnyRequest, type CallOptions, type OpenOptions, Requester } from './http/request.ts';
import type { DataOf, RequestOf, RouteName, Schemas } from './http/routes.ts';
import type { ClientParts } from './parts.ts';
import { Session } from './session/session.ts';
import { MemoryStore, type Store } from './stores/store.ts';
import { type Locks, platformLocks } from './support/locks.ts';

export interface ClientOptions {
  /** The gateway, such as `https://chat.example.com`. */
  readonly baseUrl: string;
  /** Where the session, the outbox and the position are kept. Default: in memory. */
  readonly store?: Store;
  /** Called when a reply has used a fallback: which ports, and of which route. */
  readonly onDegraded?: (ports: readonly string[], route: string) => void;
  /** Called when the session has ended without `signOut` here. */
  readonly onSignedOut?: () => void;
  /** Default: those of the platform. Node.js has a WebSocket of its own from version 22 on. */
  readonly fetch?: typeof globalThis.fetch;
  readonly WebSocket?: typeof globalThis.WebSocket;
  readonly locks?: Locks;
  /** A socket that has heard nothing for so long is probed, in milliseconds. Default: 25 s. */
  readonly quietMs?: number;
}

/** Signed in; or a second factor is asked for: `POST /v1/auth/login/second-factor` takes it. */
export type SignIn =
  | { readonly isSignedIn: true; readonly user: Schemas['OwnUser'] }
  | { readonly isSignedIn: false; readonly challenge: Schemas['SecondFactorRequired'] };

const defaultQuietMs = 25_000;

/** A user's connection to a SecureConnect server. */
export class Client {
  readonly #requester: Requester;
  readonly #session: Session;
  readonly #store: Store;
  readonly #locks: Locks;
  readonly #options: ClientOptions;
  readonly #chats = new Set<Chat>();
  readonly #closing = new AbortController();
  /** The files of the signed-in user. */
  readonly files: Files;

  constructor(options: ClientOptions) {
    const { baseUrl, fetch = globalThis.fetch.bind(globalThis), onDegraded = nothing } = options;
    this.#options = options;
    this.#store = options.store ?? new MemoryStore();
    this.#locks = options.locks ?? platformLocks();
    this.#requester = new Requester({
      baseUrl: new URL(baseUrl).href.replace(/\/$/, ''),
      fetch,
      onDegraded,
    });
    this.#session = new Session({
      requester: this.#requester,
      store: this.#store,
      locks: this.#locks,
      onSignedOut: options.onSignedOut ?? nothing,
    });
    const [requester, tokens, store] = [this.#requester, this.#session, this.#store];
    this.files = new Files({ requester, tokens, store });
  }

  /**
   * Calls a route by its name in the documentation, such as `GET /v1/conversations`, as the signed-in
   * user, and gives the `data` of its reply. After a 503 or a 429, which say that nothing has happened,
   * it is sent again for a while.
   * @throws RefusedError, LostReplyError, SignedOutError, or the reason of the signal
   */
  request<Name extends RouteName>(
    route: Name,
    ...[request, options]: Record<never, never> extends RequestOf<Name>
      ? [request?: RequestOf<Name>, options?: CallOptions]
      : [request: RequestOf<Name>, options?: CallOptions]
  ): Promise<DataOf<Name>> {
    const parts = (request ?? {}) as RequestOf<Name> & AnyRequest;
    return this.#requester.send(route, parts, this.#session, options);
  }

  /**
   * Opens the reply to a GET whose reply has no `data`, such as the lines of `/v1/admin/audit/export`,
   * as the signed-in user.
   * @param path with its query
   * @throws RefusedError, LostReplyError, SignedOutError, or the reason of the signal
   */
  open(path: string, options: OpenOptions = {}): Promise<Response> {
    return this.#requester.open(path, this.#session, options);
  }

  /** Signs in with a password. */
  async signIn(
    body: RequestOf<'POST /v1/auth/login'>['body'],
    options?: CallOptions,
  ): Promise<SignIn> {
    const data = await this.#requester.send('POST /v1/auth/login', { body }, undefined, options);
    if ('challenge' in data) return { isSignedIn: false, challenge: data };
    await this.adopt(data);
    return { isSignedIn: true, user: data.user };
  }

  /**
   * Creates an account and signs in.
   * @throws SignedOutError if the account was created without a session: its address must be
   *   verified first, or the server cannot sign in without its Redis
   */
  async signUp(
    body: RequestOf<'POST /v1/auth/register'>['body'],
    options?: CallOptions,
  ): Promise<Schemas['OwnUser']> {
    const tokens = await this.#requester.send(
      'POST /v1/auth/register',
      { body },
      undefined,
      options,
    );
    await this.adopt(tokens);
    return tokens.user;
  }

  /** Signs in with tokens that a route has given: with a passkey, a provider, a second factor. */
  async adopt(tokens: Schemas['Tokens']): Promise<void> {
    if (tokens.access_token === '')
      throw new SignedOutError(
        'Not signed in yet: verify your address if a mail asks for it, and sign in later.',
      );
    await this.#session.adopt(tokens);
  }

  /** Ends the session on the server, and forgets it here. */
  async signOut(options?: CallOptions): Promise<void> {
    await this.#session.leave(() => this.request('POST /v1/auth/logout', {}, options));
  }

  /** The id of the signed-in user. */
  userId(): Promise<string | undefined> {
    return this.#session.userId();
  }

  /**
   * Opens the conversations of the signed-in user.
   * @throws SignedOutError where there is none
   */
  async openChat(handlers: ChatHandlers = {}): Promise<Chat> {
    const chat = await Chat.open(await this.parts(), handlers);
    this.#chats.add(chat);
    return chat;
  }

  /**
   * @internal What `openCalls` of `@secureconnect/client/calls` builds on.
   * @throws SignedOutError where nobody is signed in
   */
  async parts(): Promise<ClientParts> {
    const userId = await this.#session.userId();
    if (userId === undefined) throw new SignedOutError('Nobody is signed in: sign in first.');
    return {
      userId,
      requester: this.#requester,
      tokens: this.#session.of(userId),
      store: this.#store,
      locks: this.#locks,
      WebSocket: this.#options.WebSocket ?? globalThis.WebSocket,
      quietMs: this.#options.quietMs ?? defaultQuietMs,
      onDegraded: this.#options.onDegraded ?? nothing,
      closing: this.#closing.signal,
    };
  }

  /** Closes what is open; what is kept in the store goes on with the next client. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all([...this.#chats].map((chat) => chat.close()));
  }
}

function nothing(): void {}
