import { randomUUID } from 'node:crypto';
import type { Member } from './member.ts';

/**
 * Members that are in the same rooms: the group joins and leaves a room once for all of them, and
 * whoever enters or leaves the group costs the same however many rooms it is in.
 */
export class MemberGroup implements Member {
  readonly id = randomUUID();
  readonly userId: string;
  /** When each entered, by `performance.now()`. */
  readonly #members = new Map<Member, number>();

  constructor(userId: string) {
    this.userId = userId;
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

  /** When a member entered, by `performance.now()`; undefined where it is not in the group. */
  enteredAt(member: Member): number | undefined {
    return this.#members.get(member);
  }

  sendText(text: string | Buffer, exceptMember?: string): void {
    for (const member of this.#members.keys()) {
      if (member.id !== exceptMember) member.sendText(text);
    }
  }
}
