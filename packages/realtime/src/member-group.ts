import type { Member } from './member.ts';

/**
 * Members of the same rooms: the group joins and leaves a room once for all of them, and the cost
 * of entering or leaving the group does not depend on the number of rooms.
 */
export class MemberGroup implements Member {
  readonly userId: string;
  /** The time at which each entered, by `performance.now()`. */
  readonly #members = new Map<Member, number>();

  constructor(userId: string) {
    this.userId = userId;
  }

  /** That of the user, of whom there is one group here; no socket has it. */
  get id(): string {
    return this.userId;
  }

  get size(): number {
    return this.#members.size;
  }

  add(member: Member): void {
    this.#members.set(member, performance.now());
  }

  remove(member: Member): void {
    this.#members.delete(member);
  }

  /** When a member entered, by `performance.now()`; undefined if it is not in the group. */
  enteredAt(member: Member): number | undefined {
    return this.#members.get(member);
  }

  sendText(text: string | Buffer, exceptMember?: string): void {
    for (const member of this.#members.keys()) {
      if (member.id !== exceptMember) member.sendText(text);
    }
  }
}
