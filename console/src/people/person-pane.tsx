import { useEffect, useState } from 'preact/hooks';
import { errorText } from '../app/error-text.ts';
import { useFocusWhenLost } from '../app/use-focus-when-lost.ts';
import { classes } from '../ui/classes.ts';
import { Notice } from '../ui/notice.tsx';
import { CallPanel } from './calls/call-panel.tsx';
import { ConversationView } from './conversation/conversation-view.tsx';
import { ConversationList } from './conversations/conversation-list.tsx';
import { LimitsBanner } from './limits-banner.tsx';
import { useDesk } from './person-context.ts';

/** A person's part of the page: the conversations, and the one that is open. */
export function PersonPane({ conversationId }: { conversationId?: string | undefined }) {
  const { person } = useDesk();
  const timeline = person.timeline.value;
  const [error, setError] = useState<string>();
  const show = (id: string): void => {
    setError(undefined);
    person.show(id).catch((cause: unknown) => setError(errorText(cause)));
  };
  useEffect(() => {
    if (conversationId !== undefined) show(conversationId);
  }, [person, conversationId]);
  useEffect(() => {
    // What came while the user was away is read when they are back.
    const read = (): void => void person.markRead().catch(reportError);
    addEventListener('focus', read);
    return () => removeEventListener('focus', read);
  }, [person]);
  const isOpen = timeline !== undefined;
  useFocusWhenLost(isOpen);
  return (
    <div class="@container relative flex h-full min-h-0 flex-col gap-3 overflow-y-auto">
      <LimitsBanner />
      <CallPanel />
      {error !== undefined && <Notice tone="bad">{error}</Notice>}
      <div class="flex min-h-72 flex-1 overflow-hidden rounded-lg border border-line bg-surface">
        <div
          class={classes(
            'w-full min-w-0 @2xl:w-72 @2xl:shrink-0 @2xl:border-r @2xl:border-line',
            isOpen && 'hidden @2xl:block',
          )}
        >
          <ConversationList onOpen={show} />
        </div>
        <div class={classes('min-w-0 flex-1', !isOpen && 'hidden @2xl:block')}>
          {timeline === undefined ? (
            <p class="p-6 text-muted">Choose a conversation, or begin one.</p>
          ) : (
            <ConversationView key={timeline.conversationId} timeline={timeline} />
          )}
        </div>
      </div>
    </div>
  );
}
