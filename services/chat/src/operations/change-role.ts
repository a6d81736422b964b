import type { Conversation, ParticipantRole } from '@secureconnect/contracts';
import type { Database } from '@secureconnect/postgres';
import { ApiError } from '@secureconnect/service';
import { notFound } from '../errors.ts';
import { touchConversation } from '../stores/conversations.ts';
import { findMembership, setRole } from '../stores/participants.ts';
import { theConversation } from './create-conversation.ts';
import { requireGroup, requireMembership } from './membership.ts';

/** Who gets which role. */
export interface NewRole {
  readonly userId: string;
  readonly role: ParticipantRole;
}

/**
 * Gives a participant of a group another role in the name of `actorId`, its owner. Making somebody
 * else the owner makes the one who was it an admin: a group has one owner at every moment. Throws
 * NOT_FOUND, FORBIDDEN for all but the owner, CONFLICT where no owner would be left.
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
