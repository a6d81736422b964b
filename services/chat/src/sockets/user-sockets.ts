import type { Database } from '@secureconnect/postgres';
import {
  type Connection,
  closeCodes,
  type FanOut,
  type Hub,
  type Member,
  MemberGroup,
} from '@secureconnect/realtime';
import { batchesOf, type OutageLog, TaskQueue } from '@secureconnect/service';
import { notFound } from '../errors.ts';
import { conversationOf, roomOf } from '../frames.ts';
import { conversationIdsOf, findMembership } from '../stores/participants.ts';
import {
  maxAnnouncedConversations,
  maxFollowedConversations,
  maxFollowedHere,
  tooManyConversations,
  tooManyFollowedHere,
} from './follow-limits.ts';
import type { TurnBudget } from './turn-budget.ts';

/** A connection that is closed when it may no longer follow. */
export type FollowingConnection = Member &
  Pick<Connection, 'close'> & { readonly user: Pick<Connection['user'], 'sessionId'> };

/** A socket that follows its user's memberships. */
export interface FollowingSocket {
  readonly connection: FollowingConnection;
  /** Its conversation; undefined for all conversations of its user. */
  readonly conversationId: string | undefined;
  readonly fanOut: FanOut;
  /** Tells a conversation that its user came or left. */
  raise(type: 'user_joined' | 'user_left', conversationId: string): Promise<void>;
}

export interface UserSocketsDeps {
  readonly hub: Hub;
  readonly database: Database;
  /** Logs failures to follow memberships and to notify rooms. */
  readonly outages: Readonly<Record<'following' | 'telling', OutageLog>>;
  /** Shared by all users here, with a budget of `workPerTurn`. */
  readonly turns: TurnBudget;
}

/** The number of rooms that are joined or left at a time. */
const roomsAtATime = 200;
const announcementsAtATime = 20;
/** Telling a room is as much work as joining this many. */
const workOfAnnouncement = 10;
/**
 * The number of rooms joined and left in one turn of the event loop, by all users here together.
 */
export const workPerTurn = roomsAtATime;

/**
 * The chat sockets of one user on this instance. The sockets for all conversations form one member
 * of their rooms: memberships are read, and rooms joined and left, once for all of them.
 */
export class UserSockets {
  readonly userId: string;
  readonly #parts: UserSocketsDeps;
  readonly #group: MemberGroup;
  /** The oldest first. */
  readonly #sockets = new Set<FollowingSocket>();
  /** Runs the joining and leaving of rooms in the order of the calls. */
  readonly #tasks = new TaskQueue();
  /** Whether the group is in the rooms of all of the user's conversations. */
  #isFollowing = false;
  /** Rooms that the group has joined and that are not notified yet. */
  #unannounced: string[] = [];
  /** Rooms that know of the user's presence. */
  readonly #announced = new Set<string>();

  constructor(userId: string, parts: UserSocketsDeps) {
    this.userId = userId;
    this.#parts = parts;
    this.#group = new MemberGroup(userId);
  }

  get isEmpty(): boolean {
    return this.#sockets.size === 0;
  }

  /** The sessions with sockets for all conversations, which hear of everything. */
  listeningSessions(): string[] {
    const sessions = new Set<string>();
    for (const { conversationId, connection } of this.#sockets) {
      if (conversationId === undefined) sessions.add(connection.user.sessionId);
    }
    return [...sessions];
  }

  /** Sends a frame to the sockets of one session that are for all conversations. */
  sendToSession(sessionId: string, frame: object): void {
    const text = JSON.stringify(frame);
    for (const { conversationId, connection } of this.#sockets) {
      const isOfSession = connection.user.sessionId === sessionId;
      if (isOfSession && conversationId === undefined) connection.sendText(text);
    }
  }

  /** Whether this socket does the work that is done once per user. */
  isFirst(socket: FollowingSocket): boolean {
    const [first] = this.#sockets;
    return first === socket;
  }

  /**
   * Puts a socket into its rooms; resolves when it misses nothing from then on. Throws NOT_FOUND if
   * the user is not in its conversation, CONFLICT if the user has too many conversations, and
   * SERVICE_UNAVAILABLE if this instance is full.
   */
  enter(socket: FollowingSocket): Promise<void> {
    // Added before memberships are read, so that no change in between is missed.
    this.#sockets.add(socket);
    const { conversationId } = socket;
    if (conversationId !== undefined) {
      return this.#tasks.run(() => this.#enterOne(socket, conversationId));
    }
    this.#parts.hub.enterGroup(socket.connection, this.#group);
    return this.#tasks.run(async () => {
      if (!this.#isFollowing) await this.#followAll(socket);
    });
  }

  /** Tells the rooms of a socket about its user, if they do not know. Never rejects. */
  announce(socket: FollowingSocket): Promise<void> {
    return this.#quietly(async () => {
      const { conversationId } = socket;
      const rooms = conversationId === undefined ? this.#unannounced : [roomOf(conversationId)];
      if (conversationId === undefined) this.#unannounced = [];
      await this.#tellJoined(socket, rooms);
    });
  }

  /** Removes a socket at once; resolves when all effects of that are done. */
  exit(socket: FollowingSocket): Promise<void> {
    this.#sockets.delete(socket);
    this.#parts.hub.leaveGroup(socket.connection);
    return this.#quietly(() => this.#leaveAll(socket));
  }

  /** Makes the sockets follow a change of the user's membership. Never rejects. */
  apply(conversationId: string, takesPart: boolean): Promise<void> {
    return this.#quietly(async () => {
      const room = roomOf(conversationId);
      if (!takesPart) this.#closeThoseOf(conversationId);
      const via = this.#oneForAll();
      if (via === undefined || !this.#isFollowing) return;
      const isIn = this.#parts.hub.isIn(this.#group, room);
      if (takesPart && !isIn) await this.#joinOneMore(via, room);
      if (!takesPart && isIn) await this.#leave(via, [room]);
    });
  }

  /** Reads all memberships again, for sockets that follow them. Never rejects. */
  reread(): Promise<void> {
    return this.#quietly(async () => {
      for (const { conversationId } of this.#sockets) {
        if (conversationId !== undefined) await this.#rereadOne(conversationId);
      }
      const via = this.#oneForAll();
      if (via === undefined) return;
      await this.#followAll(via);
      await this.#tellJoined(via, this.#unannounced.splice(0));
    });
  }

  async #enterOne(socket: FollowingSocket, conversationId: string): Promise<void> {
    const { database } = this.#parts;
    const membership = await findMembership(database, conversationId, this.userId);
    if (membership === undefined) throw notFound();
    await socket.fanOut.join(socket.connection, [roomOf(conversationId)]);
  }

  async #rereadOne(conversationId: string): Promise<void> {
    const { database } = this.#parts;
    const membership = await findMembership(database, conversationId, this.userId);
    if (membership === undefined) this.#closeThoseOf(conversationId);
  }

  async #followAll(via: FollowingSocket): Promise<void> {
    const { hub, database } = this.#parts;
    const limit = maxFollowedConversations + 1;
    const ids = await conversationIdsOf(database, this.userId, limit);
    if (ids.length === limit) throw this.#refuseAll();
    const wanted = new Set(ids.map(roomOf));
    const present = new Set(hub.roomsOf(this.#group));
    const missing = [...wanted].filter((room) => !present.has(room));
    if (hub.size + missing.length > maxFollowedHere) throw tooManyFollowedHere();
    for (const rooms of batchesOf(missing, roomsAtATime)) {
      await this.#parts.turns.take(rooms.length);
      await via.fanOut.join(this.#group, rooms);
    }
    this.#unannounced = missing.slice(0, maxAnnouncedConversations);
    await this.#leave(
      via,
      [...present].filter((room) => !wanted.has(room)),
    );
    this.#isFollowing = true;
  }

  async #joinOneMore(via: FollowingSocket, room: string): Promise<void> {
    if (this.#parts.hub.roomCountOf(this.#group) >= maxFollowedConversations) {
      this.#refuseAll();
      return;
    }
    await via.fanOut.join(this.#group, [room]);
    await this.#tellJoined(via, [room]);
  }

  /** Closes the sockets for all conversations. Returns the reason. */
  #refuseAll(): Error {
    for (const { conversationId, connection } of this.#sockets) {
      if (conversationId === undefined) connection.close(closeCodes.tooManyConversations);
    }
    return tooManyConversations();
  }

  async #leaveAll(via: FollowingSocket): Promise<void> {
    const { hub } = this.#parts;
    await this.#leave(via, hub.roomsOf(via.connection), via.connection);
    if (this.#group.size > 0) return;
    this.#isFollowing = false;
    try {
      for (const rooms of batchesOf(hub.roomsOf(this.#group), roomsAtATime)) {
        await this.#parts.turns.take(rooms.length);
        // Sockets that opened meanwhile keep the remaining rooms.
        if (this.#group.size > 0) return;
        await this.#leave(via, rooms);
      }
    } finally {
      if (this.#group.size === 0) hub.leave(this.#group);
    }
  }

  async #leave(
    via: FollowingSocket,
    rooms: readonly string[],
    member: Member = this.#group,
  ): Promise<void> {
    if (rooms.length === 0) return;
    await via.fanOut.leave(member, rooms);
    const { hub } = this.#parts;
    const gone = rooms.filter(
      (room) => this.#announced.has(room) && !hub.hasUser(room, this.userId),
    );
    for (const room of gone) this.#announced.delete(room);
    await this.#tell(via, 'user_left', gone);
  }

  async #tellJoined(via: FollowingSocket, rooms: readonly string[]): Promise<void> {
    const { hub } = this.#parts;
    const untold = rooms.filter(
      (room) => !this.#announced.has(room) && hub.hasUser(room, this.userId),
    );
    for (const room of untold) this.#announced.add(room);
    await this.#tell(via, 'user_joined', untold);
  }

  /** Never rejects: clients can also read presence, and rooms must be left in any case. */
  async #tell(
    via: FollowingSocket,
    type: 'user_joined' | 'user_left',
    rooms: readonly string[],
  ): Promise<void> {
    for (const batch of batchesOf(rooms, announcementsAtATime)) {
      await this.#parts.turns.take(batch.length * workOfAnnouncement);
      const told = batch.map((room) => via.raise(type, conversationOf(room)));
      const { telling } = this.#parts.outages;
      const failed = (await Promise.allSettled(told)).filter((one) => one.status === 'rejected');
      for (const { reason } of failed) telling.failed(reason);
      if (failed.length === 0) telling.worked();
    }
  }

  #closeThoseOf(conversationId: string): void {
    for (const socket of this.#sockets) {
      if (socket.conversationId === conversationId) socket.connection.close(closeCodes.notFound);
    }
  }

  /** The oldest socket for all conversations. */
  #oneForAll(): FollowingSocket | undefined {
    for (const socket of this.#sockets) if (socket.conversationId === undefined) return socket;
    return undefined;
  }

  async #quietly(task: () => Promise<void>): Promise<void> {
    const { following } = this.#parts.outages;
    try {
      await this.#tasks.run(task);
      following.worked();
    } catch (error) {
      following.failed(error);
    }
  }
}
