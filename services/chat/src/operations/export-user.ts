import type { Message } from '@secureconnect/contracts';
import { beginning } from '@secureconnect/service';
import type { ExportList } from '@secureconnect/tokens';
import type { ChatContext } from '../context.ts';
import { conversationLists, everyConversationOf } from '../stores/exported-data.ts';

const pageSize = 200;

type ExportDeps = Pick<ChatContext, 'database' | 'messages'>;

/**
 * What chat has of a user, as chat.json of their export: conversations, their own messages, and what
 * they did to messages of others, whose contents are not theirs to take away.
 */
export function exportedLists(deps: ExportDeps, userId: string): readonly ExportList[] {
  return [
    ...conversationLists(deps.database, userId),
    { name: 'messages', entries: () => ownMessages(deps, userId) },
    { name: 'reactions', entries: () => ownReactions(deps, userId) },
  ];
}

async function* ownMessages(deps: ExportDeps, userId: string): AsyncGenerator<object> {
  for await (const message of everyMessage(deps, userId)) {
    if (message.sender_id !== userId) continue;
    const { sender_id: _own, reactions: _ofOthers, ...exported } = message;
    yield exported;
  }
}

async function* ownReactions(deps: ExportDeps, userId: string): AsyncGenerator<object> {
  for await (const { conversation_id, message_id, reactions } of everyMessage(deps, userId)) {
    for (const { emoji, user_ids } of reactions ?? []) {
      if (user_ids.includes(userId)) yield { conversation_id, message_id, emoji };
    }
  }
}

/** The messages of all conversations of a user, a page in memory; newest first. */
async function* everyMessage(
  { database, messages }: ExportDeps,
  userId: string,
): AsyncGenerator<Message> {
  for await (const conversationId of everyConversationOf(database, userId)) {
    for (let after = beginning; ; ) {
      const page = await messages.page(conversationId, after, pageSize);
      yield* page;
      const last = page.at(-1);
      if (last === undefined || page.length < pageSize) break;
      after = { at: new Date(last.created_at), id: last.message_id };
    }
  }
}
