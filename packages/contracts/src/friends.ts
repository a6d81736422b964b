import { z } from 'zod';
import { Cursor, Limit, pageEnd } from './page.ts';
import { Timestamp, Uuid } from './primitives.ts';

/** Body of `POST /v1/friends/requests`. */
export const NewFriendRequest = z.object({ user_id: Uuid });
export type NewFriendRequest = z.infer<typeof NewFriendRequest>;

/** `requested` until the other user accepts or requests the same. */
export const FriendState = z.enum(['requested', 'friends']);
export type FriendState = z.infer<typeof FriendState>;

/** The state between the requesting user and a different one. */
export const Friendship = z
  .object({ user_id: Uuid, state: FriendState, since: Timestamp })
  .meta({ id: 'Friendship' });
export type Friendship = z.infer<typeof Friendship>;

/** Query of `GET /v1/friends/requests`. */
export const FriendRequestQuery = z.object({
  direction: z.enum(['incoming', 'outgoing']).default('incoming'),
  limit: Limit,
  cursor: Cursor,
});
export type FriendRequestQuery = z.infer<typeof FriendRequestQuery>;

/** Reply of `GET /v1/friends` and `GET /v1/friends/requests`, newest first. */
export const FriendshipPage = z.object({ friends: z.array(Friendship), ...pageEnd });
export type FriendshipPage = z.infer<typeof FriendshipPage>;

/** Reply to the end of a friendship or of a request. */
export const FriendRemoved = z.object({ removed: z.literal(true) });
export type FriendRemoved = z.infer<typeof FriendRemoved>;
