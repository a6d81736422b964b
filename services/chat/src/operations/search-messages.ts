import type { MessagePage, SearchQuery } from '@secureconnect/contracts';
import { ApiError, decodePosition, toPage } from '@secureconnect/service';
import type { ChatContext } from '../context.ts';
import { searchWords } from '../search-words.ts';
import { conversationIdsOf } from '../stores/participants.ts';
import { positionOf } from './find-message.ts';
import { requireMembership } from './membership.ts';

/**
 * The maximum of conversations that a search without a conversation covers, the most recently
 * active ones.
 */
const maxConversations = 50;

/**
 * A page of the messages that contain every word of a query, newest first, in one conversation or
 * in the user's most recently active ones. Throws NOT_FOUND for outsiders, VALIDATION_ERROR if the
 * query has no word.
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
