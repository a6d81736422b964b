import type { Message } from '@secureconnect/contracts';
import { ApiError } from '@secureconnect/service';
import { REACTIONS_MAX, type Reaction } from './message-store.ts';

/** One user's reaction as one text: `<emoji> <user_id>`. */
export type ReactionEntry = string;

export function reactionEntry({ emoji, userId }: Reaction): ReactionEntry {
  return `${emoji} ${userId}`;
}

/** The users of each emoji; emojis and users in the order of the entries. */
export function reactionsOf(entries: readonly ReactionEntry[]): NonNullable<Message['reactions']> {
  const users = new Map<string, string[]>();
  for (const entry of entries) {
    // The id has no space; the emoji might.
    const space = entry.lastIndexOf(' ');
    const emoji = entry.slice(0, space);
    const userId = entry.slice(space + 1);
    const others = users.get(emoji);
    if (others === undefined) users.set(emoji, [userId]);
    else others.push(userId);
  }
  return [...users].map(([emoji, user_ids]) => ({ emoji, user_ids }));
}

export function tooManyReactions(): ApiError {
  return new ApiError('CONFLICT', `A message can have at most ${REACTIONS_MAX} reactions.`);
}
