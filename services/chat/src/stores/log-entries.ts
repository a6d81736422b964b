import type { Position } from '@secureconnect/service';
import type { StoredEvent } from './message-store.ts';
import { reactionEntry } from './reaction-entries.ts';
import { type StoredMessage, toMessage } from './stored-message.ts';

/**
 * A stored log entry: an event whose `data` names its message without the text, because messages
 * can be edited and deleted.
 */
export type LogEntry = StoredEvent;

/** The log entry of an event. */
export function entryOf(event: StoredEvent): LogEntry {
  if (!tellsWhole(event)) return event;
  return { ...event, data: { message_id: event.data['message_id'] } };
}

/**
 * The current events of log entries, in their order. `find` returns the messages with these ids;
 * missing messages are gone, or not visible yet: young entries are read again.
 */
export async function eventsOf(
  entries: readonly LogEntry[],
  find: (messageIds: readonly string[]) => Promise<readonly StoredMessage[]>,
): Promise<StoredEvent[]> {
  const ids = new Set(entries.filter(dependsOnMessage).map(messageIdOf));
  const found = ids.size === 0 ? [] : await find([...ids]);
  const messages = new Map(found.map((message) => [message.message_id, message]));
  return entries.flatMap((entry) => eventOf(entry, messages.get(messageIdOf(entry))) ?? []);
}

/**
 * The current event of an entry: with the message as last edited, only the deletion of a deleted
 * message, and no reaction that was removed since.
 */
function eventOf(entry: LogEntry, message: StoredMessage | undefined): StoredEvent | undefined {
  if (!dependsOnMessage(entry)) return entry;
  if (message === undefined || message.deleted_at !== null) return undefined;
  if (tellsWhole(entry)) return { ...entry, data: toMessage(message) };
  const { user_id: userId, emoji, present } = entry.data;
  const reaction = reactionEntry({ userId: String(userId), emoji: String(emoji) });
  return message.reactions.includes(reaction) === present ? entry : undefined;
}

/** The position of the next page: after the last entry, if there were `limit` entries. */
export function nextOf(entries: readonly LogEntry[], limit: number): Position | undefined {
  const last = entries.at(-1);
  if (last === undefined || entries.length < limit) return undefined;
  return { at: last.at, id: last.eventId };
}

function tellsWhole({ type }: StoredEvent): boolean {
  return type === 'chat' || type === 'edited';
}

function dependsOnMessage(entry: LogEntry): boolean {
  return tellsWhole(entry) || entry.type === 'reaction';
}

function messageIdOf({ data }: LogEntry): string {
  return String(data['message_id']);
}
