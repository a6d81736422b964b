import { z } from 'zod';
import { Message } from './messages.ts';
import { Timestamp, Uuid } from './primitives.ts';

/** Maximum pinned messages per conversation. */
export const PINS_MAX = 50;

export const Pin = z
  .object({ message: Message, pinned_by: Uuid, pinned_at: Timestamp })
  .meta({ id: 'Pin' });
export type Pin = z.infer<typeof Pin>;

/** Reply of `GET /v1/messages/pinned`, the newest pin first. */
export const PinList = z.object({ pins: z.array(Pin) });
export type PinList = z.infer<typeof PinList>;

/** Reply of `DELETE /v1/messages/:message_id/pin`. */
export const PinRemoved = z.object({ removed: z.literal(true) });
export type PinRemoved = z.infer<typeof PinRemoved>;
