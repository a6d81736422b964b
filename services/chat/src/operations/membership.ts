import type { Sql } from '@secureconnect/postgres';
import type { FanOut } from '@secureconnect/realtime';
import { ApiError } from '@secureconnect/service';
import type { ChatContext } from '../context.ts';
import { notFound, outOfReach } from '../errors.ts';
import { membershipDelivery } from '../membership-frames.ts';
import type { MembershipChange } from '../stores/membership-changes.ts';
import { findMembership, type Membership } from '../stores/participants.ts';

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

/**
 * What a user is in a conversation in which they want to say something. Throws NOT_FOUND as
 * `requireMembership` does, and FORBIDDEN in a direct conversation where one has blocked the other.
 */
export async function requireVoice(
  sql: Sql,
  conversationId: string,
  userId: string,
): Promise<Membership> {
  const membership = await requireMembership(sql, conversationId, userId);
  if (membership.isBlocked) throw outOfReach();
  return membership;
}

/** Throws CONFLICT, saying why, in a direct conversation. */
export function requireGroup({ type }: Membership, message: string): void {
  if (type !== 'group') throw new ApiError('CONFLICT', message);
}

/** Throws FORBIDDEN, saying why, for mere members of a group. In a direct one both are equal. */
export function requireAdmin({ type, role }: Membership, message: string): void {
  if (type === 'group' && role === 'member') throw new ApiError('FORBIDDEN', message);
}

/** After somebody came into a conversation or went: their open sockets follow, here and elsewhere. */
export async function membershipChanged(
  { chatSockets }: ChatContext,
  fanOut: FanOut,
  change: MembershipChange | undefined,
): Promise<void> {
  if (change === undefined) return;
  await chatSockets.follow(change);
  await fanOut.deliver(membershipDelivery(change, chatSockets));
}
