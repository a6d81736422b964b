import type { Sql } from '@secureconnect/postgres';
import type { FanOut } from '@secureconnect/realtime';
import { ApiError } from '@secureconnect/service';
import type { RouteContext } from '../context.ts';
import { notFound, outOfReach } from '../errors.ts';
import { membershipDelivery } from '../membership-frames.ts';
import type { MembershipChange } from '../stores/membership-changes.ts';
import { findMembership, type Membership } from '../stores/participants.ts';

/**
 * A user's membership of a conversation. Throws NOT_FOUND for outsiders, who may not know that it
 * exists.
 */
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
 * The membership of a user who wants to write. Throws NOT_FOUND like `requireMembership`, and
 * FORBIDDEN in a direct conversation after a block.
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

/** Throws CONFLICT with this message in a direct conversation. */
export function requireGroup({ type }: Membership, message: string): void {
  if (type !== 'group') throw new ApiError('CONFLICT', message);
}

/**
 * Throws FORBIDDEN with this message for members of a group without a role. Direct conversations
 * have no roles.
 */
export function requireAdmin({ type, role }: Membership, message: string): void {
  if (type === 'group' && role === 'member') throw new ApiError('FORBIDDEN', message);
}

/** Makes the open sockets of added and removed participants follow, on every instance. */
export async function membershipChanged(
  { chatSockets }: RouteContext,
  fanOut: FanOut,
  change: MembershipChange | undefined,
): Promise<void> {
  if (change === undefined) return;
  await chatSockets.follow(change);
  await fanOut.deliver(membershipDelivery(change, chatSockets));
}
