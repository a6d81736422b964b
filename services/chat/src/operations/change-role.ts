import type { Conversation, ParticipantRole } from '@secureconnect/contracts';
import type { Database } from '@secureconnect/postgres';
import { ApiError } from '@secureconnect/service';
import { notFound } from '../errors.ts';
import { touchConversation } from '../stores/conversations.ts';
import { findMembership, setRole } from '../stores/participants.ts';
import { theConversation } from './create-conversation.ts';
import { requireGroup, requireMembership } from './membership.ts';

/** A participant's new role. */
export interface NewRole {
  readonly userId: string;
  readonly role: ParticipantRole;
}

/**
 * Changes the role of a participant on behalf of `actorId`, the group's owner. A new owner makes
 * the previous owner an admin: a group always has one owner. Throws NOT_FOUND, FORBIDDEN except for
 * the owner, CONFLICT if the group would have no owner.
 */
export async function changeRole(
  database: Database,
  conversationId: string,
  actorId: string,
  { userId, role }: NewRole,
): Promise<Conversation> {
  return database.transaction(async (sql) => {
    const actor = await requireMembership(sql, conversationId, actorId);
    requireGroup(actor, 'A direct conversation has no roles.');
    if (actor.role !== 'owner') throw new ApiError('FORBIDDEN', 'Only the owner can change roles.');
    if (userId === actorId && role !== 'owner') {
      throw new ApiError(
        'CONFLICT',
        'A group needs an owner; make a different participant the owner first.',
      );
    }
    if ((await findMembership(sql, conversationId, userId)) === undefined) {
      throw notFound('There is no such participant.');
    }
    if (role === 'owner') await setRole(sql, conversationId, actorId, 'admin');
    await setRole(sql, conversationId, userId, role);
    await touchConversation(sql, conversationId, new Date());
    return theConversation(sql, conversationId);
  });
}
