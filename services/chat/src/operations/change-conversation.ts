import { type Conversation, SettingsChange } from '@secureconnect/contracts';
import type { Database, Sql } from '@secureconnect/postgres';
import { ApiError } from '@secureconnect/service';
import { invalidFields } from '../errors.ts';
import {
  deleteConversationRow,
  setSettings,
  setTitle,
  touchConversation,
} from '../stores/conversations.ts';
import { removeFileForwardsOf } from '../stores/file-forwards.ts';
import type { MembershipChange } from '../stores/membership-changes.ts';
import { removeEverybody } from '../stores/participants.ts';
import { removePinsOf } from '../stores/pins.ts';
import { notePastParticipant } from '../stores/user-data.ts';
import { theConversation } from './create-conversation.ts';
import { requireAdmin, requireGroup, requireMembership, requireVoice } from './membership.ts';

/**
 * Renames a group, on behalf of its owner or an admin. Throws NOT_FOUND for outsiders, FORBIDDEN
 * for other members, CONFLICT for a direct conversation.
 */
export async function renameConversation(
  database: Database,
  conversationId: string,
  actorId: string,
  title: string,
): Promise<Conversation> {
  return database.transaction(async (sql) => {
    const actor = await requireMembership(sql, conversationId, actorId);
    requireGroup(actor, 'A direct conversation has no title.');
    requireAdmin(actor, 'Only the owner or an admin can rename a group.');
    await setTitle(sql, conversationId, title);
    return changed(sql, conversationId);
  });
}

/**
 * Merges settings into a conversation's settings; null removes a key. Allowed to the owner and the
 * admins of a group, and to both users of a direct conversation without a block. Throws NOT_FOUND,
 * FORBIDDEN, and VALIDATION_ERROR if the settings would become too large.
 */
export async function changeSettings(
  database: Database,
  conversationId: string,
  actorId: string,
  change: SettingsChange,
): Promise<Conversation> {
  return database.transaction(async (sql) => {
    const actor = await requireVoice(sql, conversationId, actorId);
    requireAdmin(actor, 'Only the owner or an admin can change the settings of a group.');
    const { settings } = await theConversation(sql, conversationId);
    await setSettings(sql, conversationId, merged(settings, change));
    return changed(sql, conversationId);
  });
}

/**
 * Deletes a group for everybody, on behalf of its owner. Its messages become inaccessible, because
 * it has no participants. Returns the former participants. Throws NOT_FOUND, FORBIDDEN except for
 * the owner, CONFLICT for a direct conversation.
 */
export async function deleteConversation(
  database: Database,
  conversationId: string,
  actorId: string,
): Promise<MembershipChange | undefined> {
  return database.transaction(async (sql) => {
    const actor = await requireMembership(sql, conversationId, actorId);
    requireGroup(actor, 'A direct conversation cannot be deleted.');
    if (actor.role !== 'owner')
      throw new ApiError('FORBIDDEN', 'Only the owner can delete a group.');
    await removePinsOf(sql, conversationId);
    await removeFileForwardsOf(sql, conversationId);
    const change = await removeEverybody(sql, conversationId, new Date());
    await notePastParticipant(sql, conversationId, change?.userIds ?? []);
    await deleteConversationRow(sql, conversationId);
    return change;
  });
}

async function changed(sql: Sql, conversationId: string): Promise<Conversation> {
  await touchConversation(sql, conversationId, new Date());
  return theConversation(sql, conversationId);
}

/** The merged settings have the same limits as a change. */
function merged(settings: Conversation['settings'], change: SettingsChange) {
  const entries = Object.entries({ ...settings, ...change }).filter(([, value]) => value !== null);
  const result = SettingsChange.safeParse(Object.fromEntries(entries));
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw invalidFields(
    ['body'],
    `merged with the current settings: ${issue?.message ?? 'not valid'}`,
  );
}
