import type { Bus } from './bus.ts';
import type { Delivery, Hub } from './hub.ts';
import type { Member } from './member.ts';

/** Sends frames to the sockets of a room, on every instance. */
export interface FanOut {
  /** Adds a socket to rooms; resolves when it misses nothing from then on. */
  join(member: Member, rooms: readonly string[]): Promise<void>;
  /** Removes a socket from rooms. */
  leave(member: Member, rooms: readonly string[]): Promise<void>;
  /** Sends a frame to the sockets of a room. */
  deliver(delivery: Delivery): Promise<void>;
}

/**
 * The two sides of a port `fanOut`: `redis` reaches every instance, `local` the sockets of this
 * process. The hub delivers an id once, so a publication that fails and then falls back does not
 * reach a local socket twice. Joining and leaving are idempotent.
 */
export function createFanOut(hub: Hub, bus: Bus): { redis: FanOut; local: FanOut } {
  const local: FanOut = {
    async join(member, rooms) {
      hub.join(member, rooms);
    },
    async leave(member, rooms) {
      hub.leave(member, rooms);
    },
    async deliver(delivery) {
      hub.deliver(delivery);
    },
  };
  return {
    local,
    redis: {
      async join(member, rooms) {
        hub.join(member, rooms);
        await bus.subscribe(rooms);
      },
      async leave(member, rooms) {
        hub.leave(member, rooms);
        await bus.unsubscribe(rooms);
      },
      async deliver(delivery) {
        hub.deliver(delivery);
        await bus.publish(delivery);
      },
    },
  };
}
