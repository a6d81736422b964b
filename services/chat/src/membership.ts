import type { Sql } from '@secureconnect/postgres';
import type { FanOut } from '@secureconnect/realtime';
import type { ChatContext } from './context.ts';
import { notFound } from './errors.ts';
import { findMembership, type Membership } from './stores/participants.ts';

/** What a user is in a conversation. Throws NOT_FOUND when nothing: others need not know of it. */
export async function requireMembership(
  sql: Sql,
  conversationId: string,
  userId: string,
): Promise<Membership> {
  const membership = await findMembership(sql, conversationId, userId);
  if (membership === undefined) throw notFound();
  return membership;
}

/** After memberships changed: open sockets of these users follow, here and elsewhere. */
export async function membershipsChanged(
  { chatSockets }: ChatContext,
  fanOut: FanOut,
  userIds: readonly string[],
): Promise<void> {
  await chatSockets.sync(userIds);
  await fanOut.deliver(chatSockets.syncElsewhere(userIds));
}
