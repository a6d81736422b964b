import { z } from 'zod';
import { distinct, Timestamp, Uuid } from './primitives.ts';

export const PRESENCE_USERS_MAX = 100;

/** Body of `POST /v1/presence`. */
export const NewPresence = z.object({ online: z.boolean().meta({ examples: [true] }) });
export type NewPresence = z.infer<typeof NewPresence>;

export const Presence = z
  .object({
    user_id: Uuid,
    status: z.enum(['online', 'offline']),
    last_seen: Timestamp.exactOptional(),
  })
  .meta({ id: 'Presence' });
export type Presence = z.infer<typeof Presence>;

/** `?user_ids=a,b` and `?user_ids=a&user_ids=b` both name two users. */
const splitAtCommas = (value: unknown): unknown =>
  typeof value === 'string' ? value.split(',').map((part) => part.trim()) : value;

/** Query of `GET /v1/presence`. */
export const PresenceQuery = z.object({
  user_ids: z.preprocess(splitAtCommas, distinct(Uuid, PRESENCE_USERS_MAX)),
});
export type PresenceQuery = z.infer<typeof PresenceQuery>;

export const PresenceList = z.object({ presence: z.array(Presence) });
export type PresenceList = z.infer<typeof PresenceList>;
