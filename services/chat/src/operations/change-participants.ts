import { PARTICIPANTS_MAX } from '@secureconnect/contracts';
import type { Database } from '@secureconnect/postgres';
import { ApiError } from '@secureconnect/service';
import { notFound } from '../errors.ts';
import { touchConversation } from '../stores/conversations.ts';
import type { MembershipChange } from '../stores/membership-changes.ts';
import {
  addParticipants,
  countParticipants,
  findMembership,
  promoteNextOwner,
  removeParticipant,
} from '../stores/participants.ts';
import { notePastParticipant } from '../stores/user-data.ts';
import { type ChangedConversation, theConversation } from './create-conversation.ts';
import type { FoundPeople } from './find-people.ts';
import { requireAdmin, requireGroup, requireMembership } from './membership.ts';
import { refuseBlockers } from './refuse-blockers.ts';

/** The maximum that a request to create a group can name, plus its creator. */
const maxParticipants = PARTICIPANTS_MAX + 1;

const directIsFixed = 'The participants of a direct conversation cannot change.';

/**
 * Adds people to a group on behalf of `actorId`. Throws NOT_FOUND for outsiders, FORBIDDEN for
 * members who are no admins and for people who have blocked the actor, CONFLICT if the group would
 * become too large.
 */
export async function addPeople(
  database: Database,
  conversationId: string,
  actorId: string,
  people: FoundPeople,
): Promise<ChangedConversation> {
  return database.transaction(async (sql) => {
    const actor = await requireMembership(sql, conversationId, actorId);
    requireGroup(actor, directIsFixed);
    requireAdmin(actor, 'Only the owner or an admin can add people.');
    await refuseBlockers(sql, actorId, people);
    const now = new Date();
    const added = [...people.keys()].map((userId) => ({ userId, role: 'member' as const }));
    const change = await addParticipants(sql, conversationId, added, now);
    if ((await countParticipants(sql, conversationId)) > maxParticipants) {
      const message = `A conversation can have at most ${maxParticipants} participants.`;
      throw new ApiError('CONFLICT', message);
    }
    await touchConversation(sql, conversationId, now);
    return { conversation: await theConversation(sql, conversationId), change };
  });
}

/**
 * Removes a participant from a group on behalf of `actorId`, who may be the same user. If the owner
 * leaves, the admin (or else the member) who joined first becomes the owner. Returns the removed
 * participant. Throws like `addPeople`.
 */
export async function removePerson(
  database: Database,
  conversationId: string,
  actorId: string,
  userId: string,
): Promise<MembershipChange | undefined> {
  return database.transaction(async (sql) => {
    const actor = await requireMembership(sql, conversationId, actorId);
    requireGroup(actor, directIsFixed);
    const removed = actorId === userId ? actor : await findMembership(sql, conversationId, userId);
    if (actorId !== userId && actor.role === 'member') throw forbidden();
    if (removed === undefined) throw notFound('There is no such participant.');
    if (actorId !== userId && actor.role === 'admin' && removed.role !== 'member') {
      throw forbidden();
    }
    const now = new Date();
    const change = await removeParticipant(sql, conversationId, userId, now);
    await notePastParticipant(sql, conversationId, [userId]);
    if (removed.role === 'owner') await promoteNextOwner(sql, conversationId);
    await touchConversation(sql, conversationId, now);
    return change;
  });
}

function forbidden(): ApiError {
  return new ApiError(
    'FORBIDDEN',
    'Only the owner can remove an admin; admins can remove members.',
  );
}
