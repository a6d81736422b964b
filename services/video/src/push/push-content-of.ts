import type { CallNotice } from '../calls/notices.ts';
import { PushContent } from './push-content.ts';

/**
 * What the devices of a user are pushed about a notice; undefined if it is for sockets alone: who
 * else has answered does not stop the ringing.
 */
export function pushContentOf(notice: CallNotice): PushContent | undefined {
  const { type, callId: call_id, conversationId: conversation_id, userId, from, data } = notice;
  const about = { type, call_id, conversation_id };
  if (type === 'call_ringing') return PushContent.parse({ ...about, from, ...data });
  if (type === 'call_ended') return PushContent.parse({ ...about, ...data });
  return userId === from ? PushContent.parse(about) : undefined;
}
