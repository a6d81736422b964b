import type { Database } from '@secureconnect/postgres';
import { type Connection, closeCodes, type FanOut, type Hub } from '@secureconnect/realtime';
import type { Logger } from '@secureconnect/service';
import { notFound } from '../errors.ts';
import { conversationOf, roomOf } from '../frames.ts';
import type { PresencePort } from '../ports/presence.ts';
import { conversationIdsOf, findMembership } from '../stores/participants.ts';
import type { ChatSockets, FollowingSocket } from './chat-sockets.ts';

/** What a chat socket needs of its session. */
export interface ChatSession {
  readonly connection: Connection;
  readonly target: { readonly log: Logger };
  raise(type: 'user_joined' | 'user_left', frame: object): Promise<void>;
}

export interface ChatSocketParts {
  readonly database: Database;
  readonly hub: Hub;
  readonly sockets: ChatSockets;
  readonly fanOut: FanOut;
  readonly presence: PresencePort;
  /** The one conversation that the socket is for; without it, all of its user's. */
  readonly conversationId: string | undefined;
}

/** What a chat socket takes part in: the rooms of its user's conversations, and presence. */
export class ChatSocket implements FollowingSocket {
  readonly #session: ChatSession;
  readonly #parts: ChatSocketParts;
  #lastSync: Promise<void> = Promise.resolve();
  #open = true;
  #present = false;

  constructor(session: ChatSession, parts: ChatSocketParts) {
    this.#session = session;
    this.#parts = parts;
  }

  get userId(): string {
    return this.#session.connection.userId;
  }

  /** Before the socket is open: joins its rooms. Throws NOT_FOUND. */
  async opening(): Promise<void> {
    // Known before the rooms are read, so that a change in between is not missed.
    this.#parts.sockets.add(this);
    const rooms = await this.#rooms();
    if (rooms === undefined) throw notFound();
    await this.#enter(rooms);
  }

  async opened(): Promise<void> {
    this.#present = true;
    await this.#parts.presence.connected(this.userId);
  }

  async beat(): Promise<void> {
    await this.#parts.presence.stillConnected(this.userId);
    // What other instances announced while Redis was away is found here.
    await this.sync();
  }

  async closed(): Promise<void> {
    this.#open = false;
    this.#parts.sockets.remove(this);
    await this.#lastSync;
    await this.#leave(this.#parts.hub.roomsOf(this.#session.connection));
    const { sockets, presence } = this.#parts;
    if (this.#present && !sockets.has(this.userId)) await presence.disconnected(this.userId);
  }

  /** Joins and leaves rooms as the memberships in SQL now are. Never rejects. */
  sync(): Promise<void> {
    this.#lastSync = this.#lastSync.then(() => this.#syncOnce());
    return this.#lastSync;
  }

  async #syncOnce(): Promise<void> {
    const { connection, target } = this.#session;
    try {
      const rooms = await this.#rooms();
      if (!this.#open) return;
      if (rooms === undefined) {
        connection.close(closeCodes.notFound);
        return;
      }
      const present = new Set(this.#parts.hub.roomsOf(connection));
      await this.#enter(rooms.filter((room) => !present.has(room)));
      const kept = new Set(rooms);
      await this.#leave([...present].filter((room) => !kept.has(room)));
    } catch (error) {
      target.log.warn({ err: error }, 'memberships of a socket could not be read; tried again');
    }
  }

  /** Undefined when the one conversation that the socket is for is not its user's. */
  async #rooms(): Promise<string[] | undefined> {
    const { database, conversationId } = this.#parts;
    if (conversationId === undefined) {
      return (await conversationIdsOf(database, this.userId)).map(roomOf);
    }
    const membership = await findMembership(database, conversationId, this.userId);
    return membership && [roomOf(conversationId)];
  }

  async #enter(rooms: readonly string[]): Promise<void> {
    if (rooms.length === 0) return;
    const { hub, fanOut } = this.#parts;
    const first = rooms.filter((room) => !hub.hasUser(room, this.userId));
    await fanOut.join(this.#session.connection, rooms);
    await this.#announce('user_joined', first);
  }

  async #leave(rooms: readonly string[]): Promise<void> {
    if (rooms.length === 0) return;
    const { hub, fanOut } = this.#parts;
    await fanOut.leave(this.#session.connection, rooms);
    const last = rooms.filter((room) => !hub.hasUser(room, this.userId));
    await this.#announce('user_left', last);
  }

  async #announce(type: 'user_joined' | 'user_left', rooms: readonly string[]): Promise<void> {
    const ids = rooms.map(conversationOf);
    await Promise.all(ids.map((id) => this.#session.raise(type, { conversation_id: id })));
  }
}
