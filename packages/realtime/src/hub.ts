import type { Member } from './member.ts';
import type { MemberGroup } from './member-group.ts';
import { RecentIds } from './recent-ids.ts';

/** The subject of a frame. After a frame that ends it, no frames about it are delivered. */
export interface Subject {
  readonly id: string;
  readonly ends: boolean;
}

/** A frame for a room. */
export interface Delivery {
  /** Deliveries with the same id reach a member once, whatever their path. */
  readonly id: string;
  readonly room: string;
  readonly frame: object;
  /** Absent if the frame has no subject. */
  readonly about?: Subject;
  /** The socket that sent the frame, which already has its reply. */
  readonly exceptSocket?: string;
  /** Only the sockets of this user. */
  readonly toUser?: string;
  /** Not the sockets of these users. */
  readonly exceptUsers?: readonly string[];
  /** Skipped on instances with more members in the room. */
  readonly maxMembers?: number;
}

/** The default number of remembered deliveries, if forgetBefore() is not called. */
const rememberedDeliveries = 20_000;

/** The rooms of this process and the sockets in them. Knows nothing of other instances. */
export class Hub {
  /** When each member joined, by `performance.now()`. */
  readonly #rooms = new Map<string, Map<Member, number>>();
  readonly #byMember = new Map<Member, Set<string>>();
  readonly #groups = new Map<Member, MemberGroup>();
  #size = 0;
  readonly #delivered: RecentIds;
  /** Subjects that have ended. */
  readonly #ended: RecentIds;

  /** @param remembered the maximum of remembered deliveries, each of which is made once */
  constructor(remembered = rememberedDeliveries) {
    this.#delivered = new RecentIds(remembered);
    this.#ended = new RecentIds(remembered);
  }

  join(member: Member, rooms: Iterable<string>): void {
    const joined = this.#byMember.get(member) ?? new Set();
    this.#byMember.set(member, joined);
    for (const room of rooms) {
      if (joined.has(room)) continue;
      joined.add(room);
      this.#size += 1;
      const now = performance.now();
      const members = this.#rooms.get(room);
      if (members === undefined) this.#rooms.set(room, new Map([[member, now]]));
      else members.set(member, now);
    }
  }

  /** Removes a member from some rooms, or from all. */
  leave(member: Member, rooms: Iterable<string> = this.roomsOf(member)): void {
    const joined = this.#byMember.get(member);
    if (joined === undefined) return;
    for (const room of [...rooms]) {
      if (!joined.delete(room)) continue;
      this.#size -= 1;
      const members = this.#rooms.get(room);
      members?.delete(member);
      if (members?.size === 0) this.#rooms.delete(room);
    }
    if (joined.size === 0) this.#byMember.delete(member);
  }

  /** From now on the member gets the deliveries of its group. */
  enterGroup(member: Member, group: MemberGroup): void {
    group.add(member);
    this.#groups.set(member, group);
  }

  leaveGroup(member: Member): void {
    this.#groups.get(member)?.remove(member);
    this.#groups.delete(member);
  }

  /** The rooms with members here; rooms that change during the iteration may be included. */
  rooms(): Iterable<string> {
    return this.#rooms.keys();
  }

  /** The number of memberships of rooms. */
  get size(): number {
    return this.#size;
  }

  has(room: string): boolean {
    return this.#rooms.has(room);
  }

  /** Whether a member is in a room, directly or through its group. */
  isIn(member: Member, room: string): boolean {
    return this.#hearsSince(member, room) !== undefined;
  }

  /** Whether any socket of a user is in a room. */
  hasUser(room: string, userId: string): boolean {
    for (const member of this.#rooms.get(room)?.keys() ?? []) {
      if (member.userId === userId) return true;
    }
    return false;
  }

  /** The rooms that a member joined directly. */
  roomsOf(member: Member): readonly string[] {
    return [...(this.#byMember.get(member) ?? [])];
  }

  members(room: string): readonly Member[] {
    return [...(this.#rooms.get(room)?.keys() ?? [])];
  }

  /** The number of rooms that a member joined directly. */
  roomCountOf(member: Member): number {
    return this.#byMember.get(member)?.size ?? 0;
  }

  /**
   * Sends a frame to the members of its room. Returns false, and sends nothing, if its id was
   * already delivered or its subject has ended: frames may overtake each other.
   */
  deliver(delivery: Delivery): boolean {
    if (this.#isTooLate(delivery) || !this.#delivered.add(keyOf(delivery))) return false;
    const { about } = delivery;
    if (about?.ends === true) this.#ended.add(about.id);
    const members = this.#rooms.get(delivery.room);
    if (members === undefined || members.size > (delivery.maxMembers ?? Infinity)) return true;
    // Encoded once, not per socket.
    const text = Buffer.from(JSON.stringify(delivery.frame));
    for (const member of members.keys()) {
      if (isFor(delivery, member.userId) && member.id !== delivery.exceptSocket) {
        member.sendText(text, delivery.exceptSocket);
      }
    }
    return true;
  }

  /**
   * Sends one member a delivery from before it joined the room; later deliveries are skipped,
   * because it already has them. Returns whether anything was sent.
   * @param mayComeAgain whether this delivery may still arrive by a different path; it then goes to
   *   the whole room, once
   */
  replay(member: Member, delivery: Delivery, mayComeAgain: boolean): boolean {
    const joinedAt = this.#hearsSince(member, delivery.room);
    if (joinedAt === undefined || this.#isTooLate(delivery)) return false;
    const deliveredAt = this.#delivered.timeOf(keyOf(delivery));
    if (deliveredAt !== undefined && deliveredAt >= joinedAt) return false;
    if (deliveredAt === undefined && mayComeAgain) this.deliver(delivery);
    else member.sendText(JSON.stringify(delivery.frame));
    return true;
  }

  /** Forgets deliveries from before this time, which can no longer arrive again. */
  forgetBefore(time: number): void {
    this.#delivered.forgetBefore(time);
    this.#ended.forgetBefore(time);
  }

  #hearsSince(member: Member, room: string): number | undefined {
    const members = this.#rooms.get(room);
    const joinedAt = members?.get(member);
    if (joinedAt !== undefined) return joinedAt;
    const group = this.#groups.get(member);
    const groupJoinedAt = group && members?.get(group);
    const enteredAt = group?.enteredAt(member);
    if (groupJoinedAt === undefined || enteredAt === undefined) return undefined;
    return Math.max(groupJoinedAt, enteredAt);
  }

  #isTooLate({ about }: Delivery): boolean {
    return about !== undefined && !about.ends && this.#ended.timeOf(about.id) !== undefined;
  }
}

function isFor({ toUser, exceptUsers }: Delivery, userId: string): boolean {
  return (toUser === undefined || toUser === userId) && exceptUsers?.includes(userId) !== true;
}

function keyOf({ room, id }: Delivery): string {
  return `${room} ${id}`;
}
