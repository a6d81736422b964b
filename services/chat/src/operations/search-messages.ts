import type { MessagePage, SearchQuery } from '@secureconnect/contracts';
import { ApiError } from '@secureconnect/service';
import type { ChatContext } from '../context.ts';
import { decodePosition, toPage } from '../position.ts';
import { searchWords } from '../search-words.ts';
import { conversationIdsOf } from '../stores/participants.ts';
import { positionOf } from './find-message.ts';
import { requireMembership } from './membership.ts';

/** A search through everything looks into so many conversations, those last spoken in. */
const maxConversations = 50;

/**
 * A page of the messages that contain every word of a question, newest first, in one conversation or
 * in the liveliest ones of the user. Throws NOT_FOUND for outsiders, VALIDATION_ERROR where there is
 * no word in the question.
 */
export async function searchMessages(
  { database, messages }: ChatContext,
  userId: string,
  { q, conversation_id: conversationId, limit, page_state }: SearchQuery,
): Promise<MessagePage> {
  const after = decodePosition(page_state, 'page_state');
  const words = searchWords(q);
  if (words.length === 0) throw noWord();
  if (conversationId !== undefined) await requireMembership(database, conversationId, userId);
  const conversationIds =
    conversationId === undefined
      ? await conversationIdsOf(database, userId, maxConversations)
      : [conversationId];
  const found = await messages.search(conversationIds, words, after, limit + 1);
  const { entries, next, hasMore } = toPage(found, limit, positionOf);
  return { messages: entries, next_page_state: next, has_more: hasMore };
}

function noWord(): ApiError {
  const message = 'expected at least one letter or digit';
  return new ApiError('VALIDATION_ERROR', `query.q ${message}`, {
    details: [{ field: 'query.q', message }],
  });
}
