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
 * See `MessageStore.edit`. An edit may race with a deletion, and the row may then hold the edit's
 * text. Reads honour `deleted_at` alone, so the deletion always wins.
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

/** See `MessageStore.remove`. Concurrent deletions may both be logged; the later time stands. */
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

/** See `MessageStore.react`. Concurrent reactions may exceed the limit by a few. */
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

/** Changes a message that was just read and logs the event, atomically. */
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
 * The write time of a change: after the write that was read, because Cassandra keeps the cell with
 * the latest time and the writer's clock may be ahead of ours.
 */
function writeTimeAfter({ created_at, edited_at }: StoredMessage, at: Date): number {
  const last = Math.max(created_at.getTime(), edited_at?.getTime() ?? 0);
  return Math.max(at.getTime(), last + 1);
}
