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
    await this.#parts.presence.connected(this.connection.userId);
  }

  async beat(): Promise<void> {
    if (this.#user?.isFirst(this) !== true) return;
    this.#beats += 1;
    if (this.#beats % beatsBetweenReads === 0) void this.#user.reread();
    await this.#parts.presence.stillConnected(this.connection.userId);
  }

  async closed(): Promise<void> {
    const { sockets, presence, callNotices } = this.#parts;
    callNotices.exit(this.connection);
    const { userId } = this.connection;
    const exited = sockets.exit(this);
    try {
      if (this.#isPresent && !sockets.has(userId)) await presence.disconnected(userId);
    } finally {
      await exited;
    }
  }
}
