import type { CallNotice } from '../calls/notices.ts';
import { PushData } from './push-data.ts';

/**
 * What the devices of a user are pushed about a notice; undefined if it is for sockets alone: who
 * else has answered does not stop the ringing.
 */
export function pushDataOf(notice: CallNotice): PushData | undefined {
  const { type, callId: call_id, conversationId: conversation_id, userId, from, data } = notice;
  const about = { type, call_id, conversation_id };
  if (type === 'call_ringing') return PushData.parse({ ...about, from, ...data });
  if (type === 'call_ended') return PushData.parse({ ...about, ...data });
  return userId === from ? PushData.parse(about) : undefined;
}
