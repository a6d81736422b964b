import type { ShownMessage } from '../model/shown-message.ts';

/** The key of the user's newest message that somebody else has read. */
export function lastReadMessage(
  messages: readonly ShownMessage[],
  readBy: ReadonlyMap<string, string>,
  userId: string,
): string | undefined {
  const readIds = new Set([...readBy].filter(([id]) => id !== userId).map(([, read]) => read));
  const isRead = (each: ShownMessage) =>
    each.state === 'stored' && readIds.has(each.message.message_id);
  const end = messages.findLastIndex(isRead);
  return messages
    .slice(0, end + 1)
    .findLast((each) => each.state === 'stored' && each.message.sender_id === userId)?.key;
}
