import { randomUUID } from 'node:crypto';
import type { Conversation, NewConversation } from '@secureconnect/contracts';
import type { Database, Sql } from '@secureconnect/postgres';
import { invalidFields, outOfReach } from '../errors.ts';
import { isBlockedPair } from '../stores/blocks.ts';
import {
  directKey,
  findConversations,
  findDirectId,
  insertConversation,
} from '../stores/conversations.ts';
import type { MembershipChange } from '../stores/membership-changes.ts';
import { addParticipants } from '../stores/participants.ts';
import type { FoundPeople } from './find-people.ts';
import { refuseBlockers } from './refuse-blockers.ts';

/** A conversation, and its change of participants; undefined if there was none. */
export interface ChangedConversation {
  readonly conversation: Conversation;
  readonly change: MembershipChange | undefined;
}

/**
 * Creates a conversation of its creator and others. Two users have one direct conversation: if it
 * exists, also through a concurrent request, it is returned unchanged. Throws FORBIDDEN after a
 * block.
 */
export async function createConversation(
  database: Database,
  creatorId: string,
  { type, title, participant_ids }: NewConversation,
  people: FoundPeople,
): Promise<ChangedConversation> {
  const others = [...people.keys()].filter((userId) => userId !== creatorId);
  const [other] = others;
  if (other === undefined) {
    const field = participant_ids === undefined ? 'participants' : 'participant_ids';
    throw invalidFields([`body.${field}`], 'expected a user other than yourself');
  }
  const direct = type === 'direct' ? directKey(creatorId, other) : undefined;
  return database.transaction(async (sql) => {
    if (direct === undefined) await refuseBlockers(sql, creatorId, people);
    else if (await isBlockedPair(sql, creatorId, other)) throw outOfReach();
    const earlier = direct && (await findDirectId(sql, direct));
    const conversationId = earlier ?? randomUUID();
    let change: MembershipChange | undefined;
    if (earlier === undefined) {
      const createdAt = new Date();
      const row = { conversationId, type, title, createdBy: creatorId, directKey: direct };
      await insertConversation(sql, { ...row, createdAt });
      const members = others.map((userId) => ({ userId, role: 'member' as const }));
      const participants = [{ userId: creatorId, role: 'owner' as const }, ...members];
      change = await addParticipants(sql, conversationId, participants, createdAt);
    }
    return { conversation: await theConversation(sql, conversationId), change };
  });
}

/** A conversation that is known to exist. */
export async function theConversation(sql: Sql, conversationId: string): Promise<Conversation> {
  const [conversation] = await findConversations(sql, [conversationId]);
  if (conversation === undefined)
    throw new Error('the conversation disappeared while it was being read');
  return conversation;
}
