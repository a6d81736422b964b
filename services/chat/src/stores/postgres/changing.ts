import type { Database, Sql, SqlValue } from '@secureconnect/postgres';
import { wordsOf } from '../../search-words.ts';
import type { TimeUuid } from '../../timeuuid.ts';
import { deletedEvent, editedEvent, reactionEvent } from '../change-events.ts';
import {
  type Change,
  type Edit,
  type MessageKey,
  REACTIONS_MAX,
  type Reaction,
  type StoredEvent,
} from '../message-store.ts';
import { reactionEntry, tooManyReactions } from '../reaction-entries.ts';
import { type StoredMessage, toMessage } from '../stored-message.ts';
import { eventColumns, eventParameters, eventValues, messageColumns } from './columns.ts';
import { findMessage } from './reading.ts';

/** See `MessageStore.edit`. A transaction, so that the log has the message of this edit. */
export function editMessage(
  database: Database,
  key: MessageKey,
  edit: Edit,
  stamp: TimeUuid,
): Promise<Change | undefined> {
  return database.transaction(async (sql) => {
    const found = await findMessage(sql, key, 'FOR UPDATE');
    if (found === undefined || found.deleted_at !== null) return undefined;
    const edited = { ...found, ...edit, edited_at: stamp.at };
    const event = editedEvent(toMessage(edited), stamp);
    await changeAndLog(sql, key, event, {
      assignments: 'content = $9, metadata = $10::jsonb, words = $11, edited_at = $12',
      values: [edit.content, JSON.stringify(edit.metadata), wordsOf(edited), stamp.at],
    });
    return { message: toMessage(edited), event };
  });
}

/** See `MessageStore.remove`. */
export async function removeMessage(
  sql: Sql,
  key: MessageKey,
  by: string,
  stamp: TimeUuid,
): Promise<Change | undefined> {
  const event = deletedEvent(key, by, stamp);
  const removed = await changeAndLog(sql, key, event, {
    assignments: "content = '', metadata = '{}', words = '{}', reactions = '{}', deleted_at = $9",
    values: [stamp.at],
  });
  return removed ? { message: toMessage(removed), event } : asItIs(await findMessage(sql, key));
}

/** See `MessageStore.react`. */
export async function changeReaction(
  sql: Sql,
  key: MessageKey,
  reaction: Reaction,
  present: boolean,
  stamp: TimeUuid,
): Promise<Change | undefined> {
  const event = reactionEvent(key, reaction, present, stamp);
  const entry = reactionEntry(reaction);
  const changed = await changeAndLog(sql, key, event, {
    ...(present ? settingReaction : takingReactionBack),
    values: [entry],
  });
  if (changed !== undefined) return { message: toMessage(changed), event };
  const found = await findMessage(sql, key);
  if (found === undefined || found.deleted_at !== null) return undefined;
  const isFull = found.reactions.length >= REACTIONS_MAX && !found.reactions.includes(entry);
  if (present && isFull) throw tooManyReactions();
  return asItIs(found);
}

const settingReaction = {
  assignments: 'reactions = array_append(reactions, $9::text)',
  condition: `NOT $9::text = ANY(reactions)
    AND coalesce(array_length(reactions, 1), 0) < ${REACTIONS_MAX}`,
};

const takingReactionBack = {
  assignments: 'reactions = array_remove(reactions, $9::text)',
  condition: '$9::text = ANY(reactions)',
};

interface Assignment {
  /** From the parameter $9 on. */
  readonly assignments: string;
  readonly condition?: string;
  readonly values: readonly SqlValue[];
}

/**
 * Changes a message that is not deleted and logs the event, in one atomic statement; undefined if
 * no row meets the condition.
 */
async function changeAndLog(
  sql: Sql,
  { conversationId, messageId }: MessageKey,
  event: StoredEvent,
  { assignments, condition = 'true', values }: Assignment,
): Promise<StoredMessage | undefined> {
  const [changed] = await sql.query<StoredMessage>(
    `WITH changed AS (
       UPDATE chat.messages SET ${assignments}
       WHERE message_id = $1 AND conversation_id = $2 AND deleted_at IS NULL AND ${condition}
       RETURNING ${messageColumns}
     ), logged AS (
       INSERT INTO chat.events (${eventColumns})
       SELECT ${eventParameters(3)} FROM changed
       RETURNING event_id
     )
     SELECT changed.* FROM changed, logged`,
    [messageId, conversationId, ...eventValues(event), ...values],
  );
  return changed;
}

function asItIs(found: StoredMessage | undefined): Change | undefined {
  return found && { message: toMessage(found), event: undefined };
}
