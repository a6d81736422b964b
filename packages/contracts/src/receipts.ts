import { z } from 'zod';
import { Uuid } from './primitives.ts';

/** Reply of `POST /v1/messages/:message_id/read`; the maximum `unread_count` is 1000. */
export const MessageRead = z.object({
  conversation_id: Uuid,
  message_id: Uuid,
  unread_count: z
    .int()
    .min(0)
    .meta({ examples: [0] }),
});
export type MessageRead = z.infer<typeof MessageRead>;

/** A user who has read a message; `read_message_id` is the newest message that they have read. */
export const Receipt = z.object({ user_id: Uuid, read_message_id: Uuid }).meta({ id: 'Receipt' });
export type Receipt = z.infer<typeof Receipt>;

/** Reply of `GET /v1/messages/:message_id/receipts`. */
export const ReceiptList = z.object({ receipts: z.array(Receipt) });
export type ReceiptList = z.infer<typeof ReceiptList>;
