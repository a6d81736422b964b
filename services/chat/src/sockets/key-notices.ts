import { randomUUID } from 'node:crypto';
import { type KeyNotice, KeyNotices, type KeysLowFrame } from '@secureconnect/contracts';
import type { Member } from '@secureconnect/realtime';
import type { Logger } from '@secureconnect/service';
import type { ChatSockets } from './chat-sockets.ts';

export interface DeviceKeyNoticesDeps {
  readonly chatSockets: Pick<ChatSockets, 'sendToSession'>;
  readonly log: Logger;
}

/**
 * A member of the room of auth's bus where notices of keys are announced: passes each on to the sockets
 * of its device.
 */
export class DeviceKeyNotices implements Member {
  readonly id = randomUUID();
  /** The instance itself is the member, without a user. */
  readonly userId = '';
  readonly #chatSockets: DeviceKeyNoticesDeps['chatSockets'];
  readonly #log: Logger;

  constructor({ chatSockets, log }: DeviceKeyNoticesDeps) {
    this.#chatSockets = chatSockets;
    this.#log = log;
  }

  sendText(text: string | Buffer): void {
    const heard = KeyNotices.safeParse(JSON.parse(String(text)));
    if (heard.success) for (const notice of heard.data.notices) this.#tell(notice);
    else this.#log.warn({ err: heard.error }, 'notices of keys not understood');
  }

  #tell({ user_id: userId, device_id, one_time_keys, at }: KeyNotice): void {
    const frame: KeysLowFrame = { type: 'keys_low', at, data: { device_id, one_time_keys } };
    this.#chatSockets.sendToSession(userId, device_id, frame);
  }
}
