import { RecentIds } from './recent-ids.ts';

/** Whatever can be in a room: a socket, seen from the hub. */
export interface Member {
  readonly id: string;
  readonly userId: string;
  /** Takes a frame as JSON text; never throws. */
  sendText(text: string): void;
}

/** A frame on its way to a room. */
export interface Delivery {
  /** Deliveries with the same id reach a member once, by whatever way they come. */
  readonly id: string;
  readonly room: string;
  readonly frame: object;
  /** The socket that the frame came from, which has its answer already. */
  readonly exceptSocket?: string;
  /** Only the sockets of this user. */
  readonly toUser?: string;
}

/** Two ways of one delivery (the bus, and later the store) lie seconds apart, not minutes. */
const rememberedDeliveries = 20_000;

/** The rooms of this process and the sockets in them. Knows nothing of other instances. */
export class Hub {
  readonly #rooms = new Map<string, Set<Member>>();
  readonly #byMember = new Map<Member, Set<string>>();
  readonly #delivered = new RecentIds(rememberedDeliveries);

  join(member: Member, rooms: Iterable<string>): void {
    const joined = this.#byMember.get(member) ?? new Set();
    this.#byMember.set(member, joined);
    for (const room of rooms) {
      joined.add(room);
      const members = this.#rooms.get(room);
      if (members === undefined) this.#rooms.set(room, new Set([member]));
      else members.add(member);
    }
  }

  /** Takes a member out of some rooms, or of all. */
  leave(member: Member, rooms: Iterable<string> = this.roomsOf(member)): void {
    const joined = this.#byMember.get(member);
    if (joined === undefined) return;
    for (const room of [...rooms]) {
      joined.delete(room);
      const members = this.#rooms.get(room);
      members?.delete(member);
      if (members?.size === 0) this.#rooms.delete(room);
    }
    if (joined.size === 0) this.#byMember.delete(member);
  }

  /** The rooms that have members here. */
  rooms(): string[] {
    return [...this.#rooms.keys()];
  }

  has(room: string): boolean {
    return this.#rooms.has(room);
  }

  isIn(member: Member, room: string): boolean {
    return this.#byMember.get(member)?.has(room) ?? false;
  }

  /** Whether any socket of a user is in a room. */
  hasUser(room: string, userId: string): boolean {
    return this.members(room).some((member) => member.userId === userId);
  }

  roomsOf(member: Member): readonly string[] {
    return [...(this.#byMember.get(member) ?? [])];
  }

  members(room: string): readonly Member[] {
    return [...(this.#rooms.get(room) ?? [])];
  }

  /** Sends a frame to the members of its room, unless its id was delivered before. */
  deliver(delivery: Delivery): void {
    const members = this.#rooms.get(delivery.room);
    if (!this.#delivered.add(`${delivery.room} ${delivery.id}`) || members === undefined) return;
    const text = JSON.stringify(delivery.frame);
    for (const member of members) {
      const wanted = delivery.toUser === undefined || delivery.toUser === member.userId;
      if (wanted && member.id !== delivery.exceptSocket) member.sendText(text);
    }
  }
}
