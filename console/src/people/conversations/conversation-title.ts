import type { Conversation } from '../model/inbox.ts';
import type { Names } from '../model/names.ts';

/** The title of a group, or the name of the other person. */
export function conversationTitle(
  { participants, title }: Conversation,
  userId: string,
  names: Names,
): string {
  if (title !== undefined) return title;
  const others = participants.filter(({ user_id: id }) => id !== userId);
  if (others.length === 0) return 'Nobody else';
  return others
    .slice(0, 4)
    .map(({ user_id: id }) => names.of(id).value)
    .join(', ');
}
