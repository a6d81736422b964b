import { randomUUID } from 'node:crypto';
import { callNoticesRoom } from '@secureconnect/contracts';
import type { FanOut } from '@secureconnect/realtime';
import { beginPushes, type PushPort } from './push/push-port.ts';
import type { StoredNotice } from './stores/call-notices.ts';

/** The ports by which the devices of users are told of calls. */
export interface DevicePorts {
  readonly fanOut: FanOut;
  readonly push: PushPort;
}

/**
 * Announces stored notices to the instances of chat, which have the sockets of the users. While
 * Redis is down nobody hears this, and chat reads the notices from SQL within two seconds. Devices
 * without a socket are pushed.
 */
export async function tellDevices(
  { fanOut, push }: DevicePorts,
  notices: readonly StoredNotice[],
): Promise<void> {
  if (notices.length === 0) return;
  const frame = { notices: notices.map(toWire) };
  await fanOut.deliver({ id: randomUUID(), room: callNoticesRoom, frame });
  await beginPushes(push, notices);
}

function toWire(notice: StoredNotice): object {
  return {
    notice_id: notice.noticeId,
    type: notice.type,
    call_id: notice.callId,
    conversation_id: notice.conversationId,
    user_id: notice.userId,
    from_user: notice.from,
    at: notice.at.toISOString(),
    data: notice.data,
  };
}
