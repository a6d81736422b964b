import type { Member } from './member.ts';
import type { MemberGroup } from './member-group.ts';
import { RecentIds } from './recent-ids.ts';

/** What a frame tells of. After a frame that ends it, frames about it are delivered no more. */
export interface Subject {
  readonly id: string;
  readonly ends: boolean;
}

/** A frame on its way to a room. */
export interface Delivery {
  /** Deliveries with the same id reach a member once, by whatever way they come. */
  readonly id: string;
  readonly room: string;
  readonly frame: object;
  /** Absent where a frame stands for itself. */
  readonly about?: Subject;
  /** The socket that the frame came from, which has its answer already. */
  readonly exceptSocket?: string;
  /** Only the sockets of this user. */
  readonly toUser?: string;
  /** Not the sockets of these users. */
  readonly exceptUsers?: readonly string[];
  /** Told nobody on an instance where more members are in the room: what many do is no news there. */
  readonly maxMembers?: number;
}

/** So many deliveries are remembered where nobody says sooner what may be forgotten. */
const rememberedDeliveries = 20_000;

/** The rooms of this process and the sockets in them. Knows nothing of other instances. */
export class Hub {
  /** When each member joined, by `performance.now()`. */
  readonly #rooms = new Map<string, Map<Member, number>>();
  readonly #byMember = new Map<Member, Set<string>>();
  readonly #groups = new Map<Member, MemberGroup>();
  #size = 0;
  readonly #delivered: RecentIds;
  /** What frames told the end of. */
  readonly #ended: RecentIds;

  /** @param remembered how many deliveries are remembered at most, to be made once */
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

  /** Takes a member out of some rooms, or of all. */
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

  /** From here on a member hears what its group hears. */
  enterGroup(member: Member, group: MemberGroup): void {
    group.add(member);
    this.#groups.set(member, group);
  }

  leaveGroup(member: Member): void {
    this.#groups.get(member)?.remove(member);
    this.#groups.delete(member);
  }

  /** The rooms that have members here; those that come and go meanwhile may be among them. */
  rooms(): Iterable<string> {
    return this.#rooms.keys();
  }

  /** In how many rooms its members are, counted for each. */
  get size(): number {
    return this.#size;
  }

  has(room: string): boolean {
    return this.#rooms.has(room);
  }

  /** Whether a member hears a room, by itself or by its group. */
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

  /** The rooms that a member joined by itself. */
  roomsOf(member: Member): readonly string[] {
    return [...(this.#byMember.get(member) ?? [])];
  }

  members(room: string): readonly Member[] {
    return [...(this.#rooms.get(room)?.keys() ?? [])];
  }

  /** How many rooms a member joined by itself. */
  roomCountOf(member: Member): number {
    return this.#byMember.get(member)?.size ?? 0;
  }

  /**
   * Sends a frame to the members of its room. Returns false, and sends nothing, where its id was
   * delivered before, or the end of what it is about was: frames may overtake one another.
   */
  deliver(delivery: Delivery): boolean {
    if (this.#isTooLate(delivery) || !this.#delivered.add(keyOf(delivery))) return false;
    const { about } = delivery;
    if (about?.ends === true) this.#ended.add(about.id);
    const members = this.#rooms.get(delivery.room);
    if (members === undefined || members.size > (delivery.maxMembers ?? Infinity)) return true;
    // Encoded once, not for every socket.
    const text = Buffer.from(JSON.stringify(delivery.frame));
    for (const member of members.keys()) {
      if (isFor(delivery, member.userId) && member.id !== delivery.exceptSocket) {
        member.sendText(text, delivery.exceptSocket);
      }
    }
    return true;
  }

  /**
   * Gives one member what its room was told before it joined. Whatever was delivered to the room
   * since then it has already. Returns whether anything was sent.
   * @param mayComeAgain whether another way may bring this delivery yet: then it goes to the whole
   *   room, once, as it would by that way
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

  /** Forgets deliveries of before this time, of which no way brings any again. */
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
