import { randomUUID } from 'node:crypto';
import type { Reconciler } from '@secureconnect/degraded-mode';
import type { Delivery, Hub, Member } from '@secureconnect/realtime';
import type { Logger } from '@secureconnect/service';
import { z } from 'zod';
import type { PresencePort } from '../ports/presence.ts';

/** A socket that follows its user's memberships. */
export interface FollowingSocket {
  readonly userId: string;
  /** Never rejects. */
  sync(): Promise<void>;
}

/** Every instance is in this room, to be told whose memberships have changed. */
const membershipsRoom = 'memberships';
const MembershipsChanged = z.object({ user_ids: z.array(z.string()) });

/** Presence is rebuilt for so many users at a time. */
const batchSize = 200;

/** The chat sockets of this process, by user. */
export class ChatSockets implements Member {
  readonly id = randomUUID();
  /** A member of the hub like a socket, and of no user. */
  readonly userId = '';
  readonly #byUser = new Map<string, Set<FollowingSocket>>();
  readonly #log: Logger;

  constructor(hub: Hub, log: Logger) {
    this.#log = log;
    hub.join(this, [membershipsRoom]);
  }

  add(socket: FollowingSocket): void {
    const sockets = this.#byUser.get(socket.userId);
    if (sockets === undefined) this.#byUser.set(socket.userId, new Set([socket]));
    else sockets.add(socket);
  }

  remove(socket: FollowingSocket): void {
    const sockets = this.#byUser.get(socket.userId);
    sockets?.delete(socket);
    if (sockets?.size === 0) this.#byUser.delete(socket.userId);
  }

  has(userId: string): boolean {
    return this.#byUser.has(userId);
  }

  /** Brings the sockets of these users to what their memberships are now. */
  async sync(userIds: readonly string[]): Promise<void> {
    const sockets = userIds.flatMap((userId) => [...(this.#byUser.get(userId) ?? [])]);
    await Promise.all(sockets.map((socket) => socket.sync()));
  }

  /** Tells the other instances to do the same. */
  syncElsewhere(userIds: readonly string[]): Delivery {
    const frame = { user_ids: userIds };
    return { id: randomUUID(), room: membershipsRoom, frame, exceptSocket: this.id };
  }

  sendText(text: string | Buffer): void {
    const changed = MembershipsChanged.safeParse(JSON.parse(String(text)));
    if (changed.success) void this.sync(changed.data.user_ids);
    else this.#log.warn({ err: changed.error }, 'a change of memberships was not understood');
  }

  /** Before the flag flips back: whoever has a socket here is online again. */
  presenceReconciler(presence: PresencePort): Reconciler {
    return {
      name: 'presence',
      run: async () => {
        const users = [...this.#byUser.keys()];
        for (let from = 0; from < users.length; from += batchSize) {
          const batch = users.slice(from, from + batchSize);
          await Promise.all(batch.map((userId) => presence.connected(userId)));
        }
      },
    };
  }
}
