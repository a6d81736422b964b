import { randomUUID } from 'node:crypto';
import { type KeyNotice, keyNoticesRoom } from '@secureconnect/contracts';
import type { Bus } from '@secureconnect/realtime';

/** Tells devices over their sockets that their one-time pre-keys run low. */
export interface KeyNoticesPort {
  tell(notices: readonly KeyNotice[]): Promise<void>;
}

/** Announces notices to the instances of chat, which have the sockets. Nothing stores them. */
export function announcedKeyNotices(bus: Pick<Bus, 'publish'>): KeyNoticesPort {
  return {
    tell: (notices) => bus.publish({ id: randomUUID(), room: keyNoticesRoom, frame: { notices } }),
  };
}

/** For a device that is not told, `is_low` says the same. */
export function skippedKeyNotices(): KeyNoticesPort {
  return { tell: async () => undefined };
}
