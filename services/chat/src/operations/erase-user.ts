import type { ChatContext } from '../context.ts';
import { eraseLatest } from '../stores/latest-messages.ts';
import { findMembership, promoteNextOwner, removeParticipant } from '../stores/participants.ts';
import {
  conversationsWith,
  eraseMembershipChanges,
  eraseTraces,
  forgetPastParticipant,
  notePastParticipant,
} from '../stores/user-data.ts';

const maxConversations = 100;

/**
 * Erases what chat has of a user whose account is deleted: their messages and reactions, and their
 * name in the conversations; messages of others stay. The conversations that are left to do are the
 * progress, so any instance resumes it after a crash.
 */
export async function eraseUser(
  { database, messages }: Pick<ChatContext, 'database' | 'messages'>,
  userId: string,
): Promise<void> {
  for (;;) {
    const { current, past } = await conversationsWith(database, userId, maxConversations);
    for (const conversationId of current) {
      await database.transaction(async (sql) => {
        const left = await findMembership(sql, conversationId, userId);
        await notePastParticipant(sql, conversationId, [userId]);
        await removeParticipant(sql, conversationId, userId, new Date());
        if (left?.role === 'owner') await promoteNextOwner(sql, conversationId);
      });
    }
    const toDo = [...new Set([...current, ...past])];
    for (const conversationId of toDo) {
      const erased = await messages.eraseUser(conversationId, userId);
      await eraseTraces(database, conversationId, userId, erased);
      await forgetPastParticipant(database, conversationId, userId);
    }
    if (toDo.length === 0) break;
  }
  await eraseMembershipChanges(database, userId);
  await eraseLatest(database, userId);
}
