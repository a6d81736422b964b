import type { Position } from '@secureconnect/service';
import type { StoredEvent } from './message-store.ts';
import { reactionEntry } from './reaction-entries.ts';
import { type StoredMessage, toMessage } from './stored-message.ts';

/**
 * An entry of the log as a store keeps it: an event whose `data` names the message that it is about
 * and holds nothing of what that says, which can be edited and deleted.
 */
export type LogEntry = StoredEvent;

/** The entry that a store keeps of an event. */
export function entryOf(event: StoredEvent): LogEntry {
  if (!tellsWhole(event)) return event;
  return { ...event, data: { message_id: event.data['message_id'] } };
}

/**
 * What entries tell now, in their order. `find` gives the messages with these ids; those that it does
 * not give are gone, or not to be read yet: the entry is read again while it is young.
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
 * What an entry tells now that its message is as it is: the message as it was last edited, nothing
 * of a deleted one but that it was deleted, no reaction that was taken back since.
 */
function eventOf(entry: LogEntry, message: StoredMessage | undefined): StoredEvent | undefined {
  if (!dependsOnMessage(entry)) return entry;
  if (message === undefined || message.deleted_at !== null) return undefined;
  if (tellsWhole(entry)) return { ...entry, data: toMessage(message) };
  const { user_id: userId, emoji, present } = entry.data;
  const reaction = reactionEntry({ userId: String(userId), emoji: String(emoji) });
  return message.reactions.includes(reaction) === present ? entry : undefined;
}

/** Where the page after these entries begins: after the last of them, where there were `limit`. */
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
