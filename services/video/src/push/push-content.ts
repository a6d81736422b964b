import { PartEndReason, Timestamp, Uuid } from '@secureconnect/contracts';
import { z } from 'zod';

/** What a device gets: ids and what its user is told, never the text of a message. */
export const PushContent = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('call_ringing'),
    call_id: Uuid,
    conversation_id: Uuid,
    from: Uuid,
    call_type: z.enum(['audio', 'video']),
    ring_until: Timestamp,
  }),
  z.object({
    type: z.literal('call_answered'),
    call_id: Uuid,
    conversation_id: Uuid,
  }),
  z.object({
    type: z.literal('call_ended'),
    call_id: Uuid,
    conversation_id: Uuid,
    reason: PartEndReason,
  }),
  z.object({
    type: z.literal('message'),
    conversation_id: Uuid,
    message_id: Uuid,
    from: Uuid,
  }),
]);
export type PushContent = z.infer<typeof PushContent>;
