import type { Database } from '@secureconnect/postgres';
import {
  type Connection,
  closeCodes,
  type FanOut,
  type Hub,
  type Member,
  MemberGroup,
  TaskQueue,
} from '@secureconnect/realtime';
import { batchesOf, type OutageLog } from '@secureconnect/service';
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

/** What is closed when it may follow no longer. */
export type FollowingConnection = Member & Pick<Connection, 'close'>;

/** A socket that follows its user's memberships. */
export interface FollowingSocket {
  readonly connection: FollowingConnection;
  /** The one conversation that it is for; without it, all of its user's. */
  readonly conversationId: string | undefined;
  readonly fanOut: FanOut;
  /** Tells a conversation that its user came or left. */
  raise(type: 'user_joined' | 'user_left', conversationId: string): Promise<void>;
}

export interface UserSocketsParts {
  readonly hub: Hub;
  readonly database: Database;
  /** What is told where memberships cannot be followed, and where rooms cannot be told. */
  readonly outages: Readonly<Record<'following' | 'telling', OutageLog>>;
  /** Shared by all users here: `workPerTurn` is the measure. */
  readonly turns: TurnBudget;
}

/** Rooms are joined and left so many at a time, and told of it. */
const roomsAtATime = 200;
const announcementsAtATime = 20;
/** Telling a room is as much work as joining so many. */
const workOfAnnouncement = 10;
/** In one turn of the event loop so many rooms are joined and left, by all users here together. */
export const workPerTurn = roomsAtATime;

/**
 * The chat sockets of one user on this instance. Those for all of the user's conversations are one
 * member of their rooms: memberships are read, and rooms joined and left, once for all of them.
 */
export class UserSockets {
  readonly userId: string;
  readonly #parts: UserSocketsParts;
  readonly #group: MemberGroup;
  /** The oldest first. */
  readonly #sockets = new Set<FollowingSocket>();
  /** What joins and leaves rooms does so one after another, in the order in which it was asked. */
  readonly #tasks = new TaskQueue();
  /** Whether the group is in the rooms of all of the user's conversations. */
  #isFollowing = false;
  /** Rooms that the group has joined and that may be told of it. */
  #unannounced: string[] = [];
  /** Rooms that were told that the user is there. */
  readonly #announced = new Set<string>();

  constructor(userId: string, parts: UserSocketsParts) {
    this.userId = userId;
    this.#parts = parts;
    this.#group = new MemberGroup(userId);
  }

  get isEmpty(): boolean {
    return this.#sockets.size === 0;
  }

  /** Whether this socket does what is done once a user. */
  isFirst(socket: FollowingSocket): boolean {
    const [first] = this.#sockets;
    return first === socket;
  }

  /**
   * Puts a socket into its rooms; resolves when it misses nothing from then on. Throws NOT_FOUND
   * where its one conversation is not the user's, CONFLICT where all of them are too many, and
   * SERVICE_UNAVAILABLE where those of all users here are.
   */
  enter(socket: FollowingSocket): Promise<void> {
    // Known before memberships are read, so that a change in between is not missed.
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

  /** Tells the rooms of a socket that its user is there, where they do not know. Never rejects. */
  announce(socket: FollowingSocket): Promise<void> {
    return this.#quietly(async () => {
      const { conversationId } = socket;
      const rooms = conversationId === undefined ? this.#unannounced : [roomOf(conversationId)];
      if (conversationId === undefined) this.#unannounced = [];
      await this.#tellJoined(socket, rooms);
    });
  }

  /** Takes a socket out at once; resolves when everything that follows from it is done. */
  exit(socket: FollowingSocket): Promise<void> {
    this.#sockets.delete(socket);
    this.#parts.hub.leaveGroup(socket.connection);
    return this.#quietly(() => this.#leaveAll(socket));
  }

  /** Has the sockets follow whether the user takes part in a conversation. Never rejects. */
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

  /** Reads all memberships anew, where any socket follows them. Never rejects. */
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

  /** Closes the sockets for all conversations. Returns why. */
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
        // Who came back meanwhile goes on from here.
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

  /** Never rejects: whoever is not told of it sees it by other ways, and rooms are left all the same. */
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

  /** A socket for all conversations, the oldest. */
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
