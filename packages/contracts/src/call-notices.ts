import { z } from 'zod';
import { Timestamp, Uuid } from './primitives.ts';

/**
 * Where video announces notices of calls, and chat hears them: a room of video's bus. The notices
 * are also in the view `video.notices`.
 */
export const callNoticesBus = 'video';
export const callNoticesRoom = 'notices';

/** What all devices of a user are told of a call; becomes a frame on their sockets. */
export const CallNotice = z.object({
  notice_id: Uuid,
  type: z.enum(['call_ringing', 'call_answered', 'call_ended']),
  call_id: Uuid,
  conversation_id: Uuid,
  /** The user who is told. */
  user_id: Uuid,
  /** The user who calls or has answered; of `call_ended`, the user who is told. */
  from_user: Uuid,
  at: Timestamp,
  /** The `data` of the frame. */
  data: z.record(z.string(), z.unknown()),
});
export type CallNotice = z.infer<typeof CallNotice>;

/** What is sent to that room: the notices of one change of a call. */
export const CallNotices = z.object({ notices: z.array(CallNotice) });
