import { useEffect, useRef } from 'preact/hooks';
import { Button } from '../../ui/button.tsx';
import { CallButtons } from '../calls/call-buttons.tsx';
import { conversationTitle } from '../conversations/conversation-title.ts';
import type { Timeline } from '../model/timeline.ts';
import { useDesk } from '../person-context.ts';
import { Composer } from './composer.tsx';
import { MessageList } from './message-list.tsx';
import { UploadList } from './upload-list.tsx';

/** One conversation: its messages, and what to write. */
export function ConversationView({ timeline }: { timeline: Timeline }) {
  const { person } = useDesk();
  const row = person.inbox.rows.value.find(
    ({ conversation }) => conversation.conversation_id === timeline.conversationId,
  );
  const title =
    row === undefined
      ? 'Conversation'
      : conversationTitle(row.conversation, person.me.user_id, person.names);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  return (
    <section aria-label={title} class="flex h-full min-h-0 flex-col">
      <header class="flex items-center gap-2 border-b border-line px-3 py-2">
        <span class="@2xl:hidden">
          <Button kind="quiet" label="Back to the conversations" onClick={() => person.hide()}>
            ←
          </Button>
        </span>
        <h2 ref={heading} tabIndex={-1} class="min-w-0 flex-1 truncate font-semibold outline-none">
          {title}
        </h2>
        <Connection />
        <CallButtons conversationId={timeline.conversationId} />
      </header>
      <MessageList timeline={timeline} isGroup={row?.conversation.type === 'group'} />
      <UploadList conversationId={timeline.conversationId} />
      <Composer timeline={timeline} />
    </section>
  );
}

/** Says when what is shown may be old. */
function Connection() {
  const { person } = useDesk();
  const state = person.socket.value;
  return (
    <span role="status" class="text-xs text-muted">
      {state === 'open' ? '' : 'connecting…'}
    </span>
  );
}
