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
import { insertEvent } from './events.ts';
import { findMessage } from './reading.ts';
import type { CassandraTables } from './tables.ts';
import { bucketOfId } from './timeuuids.ts';

/**
 * See `MessageStore.edit`. Nothing keeps an edit from racing with a deletion, and then the row may
 * hold what the edit wrote. Whoever reads it sees `deleted_at` and nothing else, so the deletion
 * wins whichever comes first.
 */
export async function editMessage(
  tables: CassandraTables,
  key: MessageKey,
  edit: Edit,
  stamp: TimeUuid,
): Promise<Change | undefined> {
  const found = await findMessage(tables, key);
  if (found === undefined || found.deleted_at !== null) return undefined;
  const edited = { ...found, ...edit, edited_at: stamp.at };
  const event = editedEvent(toMessage(edited), stamp);
  await changeAndLog(tables, found, event, {
    assignments: 'content = ?, metadata = ?, words = ?, edited_at = ?',
    values: [edit.content, JSON.stringify(edit.metadata), wordsOf(edited), stamp.at],
  });
  return { message: toMessage(edited), event };
}

/** See `MessageStore.remove`. Two at once may both log it; the later time stands. */
export async function removeMessage(
  tables: CassandraTables,
  key: MessageKey,
  by: string,
  stamp: TimeUuid,
): Promise<Change | undefined> {
  const found = await findMessage(tables, key);
  if (found === undefined) return undefined;
  if (found.deleted_at !== null) return { message: toMessage(found), event: undefined };
  const event = deletedEvent(key, by, stamp);
  await changeAndLog(tables, found, event, {
    assignments: "content = '', metadata = '{}', words = {}, reactions = {}, deleted_at = ?",
    values: [stamp.at],
  });
  return { message: toMessage({ ...found, deleted_at: stamp.at }), event };
}

/** See `MessageStore.react`. Reactions at once may go beyond the limit by a few. */
export async function changeReaction(
  tables: CassandraTables,
  key: MessageKey,
  reaction: Reaction,
  present: boolean,
  stamp: TimeUuid,
): Promise<Change | undefined> {
  const found = await findMessage(tables, key);
  if (found === undefined || found.deleted_at !== null) return undefined;
  const entry = reactionEntry(reaction);
  if (found.reactions.includes(entry) === present) {
    return { message: toMessage(found), event: undefined };
  }
  if (present && found.reactions.length >= REACTIONS_MAX) throw tooManyReactions();
  const event = reactionEvent(key, reaction, present, stamp);
  await changeAndLog(tables, found, event, {
    assignments: present ? 'reactions[?] = ?' : 'reactions = reactions - ?',
    values: present ? [entry, stamp.id] : [[entry]],
  });
  const others = found.reactions.filter((other) => other !== entry);
  const reactions = present ? [...others, entry] : others;
  return { message: toMessage({ ...found, reactions }), event };
}

interface Assignment {
  readonly assignments: string;
  readonly values: readonly unknown[];
}

/** Changes a message that was just read, and logs the event: both or neither. */
async function changeAndLog(
  { connection }: CassandraTables,
  message: StoredMessage,
  event: StoredEvent,
  { assignments, values }: Assignment,
): Promise<void> {
  const bucket = bucketOfId(message.message_id);
  const change = {
    query: `UPDATE messages SET ${assignments}
      WHERE conversation_id = ? AND bucket = ? AND message_id = ?`,
    params: [...values, message.conversation_id, bucket, message.message_id],
  };
  await connection.batch([change, insertEvent(event)], {
    logged: bucket !== bucketOfId(event.eventId),
    writeTimeMs: writeTimeAfter(message, event.at),
  });
}

/**
 * The write time of a change. Cassandra keeps the cell with the latest one, and the instance that
 * wrote what was read may have a clock ahead of ours: the change counts as made after that.
 */
function writeTimeAfter({ created_at, edited_at }: StoredMessage, at: Date): number {
  const last = Math.max(created_at.getTime(), edited_at?.getTime() ?? 0);
  return Math.max(at.getTime(), last + 1);
}
