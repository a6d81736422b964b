import type { FanOut } from '@secureconnect/realtime';
import type { PresencePort } from '../ports/presence.ts';
import type { ChatSockets } from './chat-sockets.ts';
import type { FollowingConnection, FollowingSocket, UserSockets } from './user-sockets.ts';

/** What a chat socket needs of its session. */
export interface ChatSession {
  readonly connection: FollowingConnection;
  raise(type: 'user_joined' | 'user_left', frame: object): Promise<void>;
}

export interface ChatSocketParts {
  readonly sockets: ChatSockets;
  readonly fanOut: FanOut;
  readonly presence: PresencePort;
  /** The one conversation that the socket is for; without it, all of its user's. */
  readonly conversationId: string | undefined;
}

/** Memberships are read anew this often, once a user: heartbeats of 30 s, so every five minutes. */
const beatsBetweenReads = 10;

/** What a chat socket takes part in: rooms, and presence. */
export class ChatSocket implements FollowingSocket {
  readonly #session: ChatSession;
  readonly #parts: ChatSocketParts;
  #user: UserSockets | undefined;
  #isPresent = false;
  #beats = 0;

  constructor(session: ChatSession, parts: ChatSocketParts) {
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

  /** Before the socket is open: joins its rooms. Throws as `UserSockets.enter` does. */
  async opening(): Promise<void> {
    this.#user = await this.#parts.sockets.enter(this);
    if (this.conversationId !== undefined) await this.#user.announce(this);
  }

  async opened(): Promise<void> {
    this.#isPresent = true;
    // Many rooms may have to be told: neither the client nor its frames wait for that.
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
    const { sockets, presence } = this.#parts;
    const { userId } = this.connection;
    const exited = sockets.exit(this);
    try {
      if (this.#isPresent && !sockets.has(userId)) await presence.disconnected(userId);
    } finally {
      await exited;
    }
  }
}
