import { useAction } from '../../app/use-action.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { shortTime } from '../../ui/times.ts';
import type { InboxRow } from '../model/inbox.ts';
import { fileOf } from '../model/shared-file.ts';
import { useDesk } from '../person-context.ts';
import { conversationTitle } from './conversation-title.ts';
import { NewConversation } from './new-conversation.tsx';

interface ConversationListProps {
  readonly onOpen: (conversationId: string) => void;
}

/** The conversations of a person, those with the latest messages first. */
export function ConversationList({ onOpen }: ConversationListProps) {
  const { person } = useDesk();
  const { hasMore, rows } = person.inbox;
  const more = useAction(() => person.inbox.loadMore());
  return (
    <nav aria-label="Conversations" class="flex h-full min-h-0 flex-col">
      <NewConversation onOpen={onOpen} />
      <ul class="min-h-0 flex-1 overflow-y-auto">
        {rows.value.map((row) => (
          <li key={row.conversation.conversation_id}>
            <Row row={row} onOpen={onOpen} />
          </li>
        ))}
        {rows.value.length === 0 && (
          <li class="px-4 py-3 text-sm text-muted">
            No conversations yet. Enter a user name above to begin one.
          </li>
        )}
      </ul>
      {more.error !== undefined && <Notice tone="bad">{more.error}</Notice>}
      {hasMore.value && (
        <Button kind="quiet" onClick={more.run} isBusy={more.isBusy}>
          Show more conversations
        </Button>
      )}
    </nav>
  );
}

function Row({ row, onOpen }: { row: InboxRow; onOpen: (conversationId: string) => void }) {
  const { person } = useDesk();
  const { conversation, lastMessage, unread } = row;
  const id = conversation.conversation_id;
  const isOpen = person.timeline.value?.conversationId === id;
  return (
    <button
      type="button"
      onClick={() => onOpen(id)}
      aria-current={isOpen ? 'true' : undefined}
      class="grid w-full grid-cols-[1fr_auto] gap-x-2 border-b border-line px-4 py-2.5 text-left hover:bg-raised aria-[current]:bg-accent-soft"
    >
      <span class="truncate font-medium">
        {conversationTitle(conversation, person.me.user_id, person.names)}
      </span>
      <span class="text-xs text-muted">
        {lastMessage !== undefined && shortTime(lastMessage.created_at)}
      </span>
      <span class="truncate text-sm text-muted">{preview(row, person.me.user_id)}</span>
      {unread > 0 && (
        <span class="justify-self-end rounded-full bg-accent px-2 text-xs leading-5 font-semibold text-on-accent">
          {unread > 99 ? '99+' : unread}
          <span class="sr-only"> unread</span>
        </span>
      )}
    </button>
  );
}

function preview({ lastMessage }: InboxRow, userId: string): string {
  if (lastMessage === undefined) return 'No messages yet';
  const from = lastMessage.sender_id === userId ? 'You: ' : '';
  if (lastMessage.deleted_at !== undefined) return `${from}deleted`;
  const file = fileOf(lastMessage);
  return from + (file === undefined ? lastMessage.content : `sent ${file.fileName}`);
}
