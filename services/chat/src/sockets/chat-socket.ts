import type { FanOut } from '@secureconnect/realtime';
import type { PresencePort } from '../ports/presence.ts';
import type { UserCallNotices } from './call-notices.ts';
import type { ChatSockets } from './chat-sockets.ts';
import type { FollowingConnection, FollowingSocket, UserSockets } from './user-sockets.ts';

/** The part of a session that a chat socket needs. */
export interface ChatSession {
  readonly connection: FollowingConnection;
  raise(type: 'user_joined' | 'user_left', frame: object): Promise<void>;
}

export interface ChatSocketDeps {
  readonly sockets: ChatSockets;
  readonly callNotices: UserCallNotices;
  readonly fanOut: FanOut;
  readonly presence: PresencePort;
  /** The socket's conversation; undefined for all conversations of its user. */
  readonly conversationId: string | undefined;
}

/**
 * Memberships are read again after this many heartbeats of 30 s, so every five minutes, once per
 * user.
 */
const beatsBetweenReads = 10;

/** A chat socket's rooms and its part in presence. */
export class ChatSocket implements FollowingSocket {
  readonly #session: ChatSession;
  readonly #parts: ChatSocketDeps;
  #user: UserSockets | undefined;
  #isPresent = false;
  #beats = 0;

  constructor(session: ChatSession, parts: ChatSocketDeps) {
    this.#session = session;
    this.#parts = parts;
  }

  get connection(): FollowingConnection {
    return this.#session.connection;
  }

  get conversationId(): string | undefined {
    return this.#parts.conversationId;
  }

  get fanOut(): FanOut {
    return this.#parts.fanOut;
  }

  raise(type: 'user_joined' | 'user_left', conversationId: string): Promise<void> {
    return this.#session.raise(type, { conversation_id: conversationId });
  }

  /** Joins the socket's rooms before it opens. Throws like `UserSockets.enter`. */
  async opening(): Promise<void> {
    this.#user = await this.#parts.sockets.enter(this);
    if (this.conversationId !== undefined) await this.#user.announce(this);
    else await this.#parts.callNotices.enter(this.connection);
  }

  async opened(): Promise<void> {
    this.#isPresent = true;
    // There may be many rooms to tell; neither the client nor its frames wait for that.
    if (this.conversationId === undefined) void this.#user?.announce(this);
    const { presence } = this.#parts;
    const { userId, user } = this.connection;
    await presence.connected(userId);
    if (this.conversationId === undefined) await presence.listening(userId, [user.sessionId]);
  }

  async beat(): Promise<void> {
    if (this.#user?.isFirst(this) !== true) return;
    this.#beats += 1;
    if (this.#beats % beatsBetweenReads === 0) void this.#user.reread();
    const { userId } = this.connection;
    await this.#parts.presence.stillConnected(userId);
    await this.#parts.presence.listening(userId, this.#user.listeningSessions());
  }

  async closed(): Promise<void> {
    const { sockets, callNotices } = this.#parts;
    callNotices.exit(this.connection);
    const exited = sockets.exit(this);
    try {
      if (this.#isPresent) await this.#withdraw();
    } finally {
      await exited;
    }
  }

  /** The user is offline, and the session needs pushes, if no other socket here says otherwise. */
  async #withdraw(): Promise<void> {
    const { sockets, presence } = this.#parts;
    const { userId, user } = this.connection;
    if (!sockets.has(userId)) await presence.disconnected(userId);
    const isHeard = this.#user?.listeningSessions().includes(user.sessionId) === true;
    if (this.conversationId === undefined && !isHeard) {
      await presence.silent(userId, user.sessionId);
    }
  }
}
