import { useLayoutEffect, useRef } from 'preact/hooks';
import { useAction } from '../../app/use-action.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import type { Timeline } from '../model/timeline.ts';
import { useDesk } from '../person-context.ts';
import { MessageItem } from './message-item.tsx';
import { lastReadMessage } from './read-mark.ts';

/** So near to its end the list follows new messages, in pixels. */
const nearEndPx = 80;

/** The messages of a conversation, the newest at the end. */
export function MessageList({ timeline, isGroup }: { timeline: Timeline; isGroup: boolean }) {
  const { person } = useDesk();
  const messages = timeline.messages.value;
  const readKey = lastReadMessage(messages, timeline.readBy.value, person.me.user_id);
  const list = useRef<HTMLDivElement>(null);
  const older = useAction(() => timeline.loadOlder());
  useFollowing(list, messages.at(-1)?.key, messages[0]?.key);
  return (
    <div
      ref={list}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: people without a mouse scroll it by the keyboard
      tabIndex={0}
      role="log"
      aria-label="Messages"
      class="min-h-0 flex-1 overflow-y-auto p-3"
    >
      {timeline.hasOlder.value && (
        <div class="pb-2 text-center">
          <Button kind="quiet" onClick={older.run} isBusy={older.isBusy}>
            Show older messages
          </Button>
        </div>
      )}
      {older.error !== undefined && <Notice tone="bad">{older.error}</Notice>}
      <ol class="grid gap-1.5">
        {messages.map((each) => (
          <MessageItem
            key={each.key}
            shown={each}
            timeline={timeline}
            isGroup={isGroup}
            isRead={each.key === readKey}
          />
        ))}
      </ol>
      <TypingLine />
    </div>
  );
}

function TypingLine() {
  const { person } = useDesk();
  const names = person.typing.users.value.map((id) => person.names.of(id).value);
  return (
    <p class="min-h-5 pt-1 text-sm text-muted" aria-live="off">
      {names.length > 0 && `${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} typing…`}
    </p>
  );
}

/** Keeps the end in view while it was in view, and the place while older messages come above it. */
function useFollowing(
  list: { readonly current: HTMLDivElement | null },
  lastKey: string | undefined,
  firstKey: string | undefined,
): void {
  const before = useRef({ height: 0, firstKey, isNearEnd: true });
  useLayoutEffect(() => {
    const element = list.current;
    if (element === null) return undefined;
    const { firstKey: former, height, isNearEnd } = before.current;
    const isOlderAbove = former !== undefined && former !== firstKey && height > 0;
    if (isOlderAbove) element.scrollTop += element.scrollHeight - height;
    else if (isNearEnd) element.scrollTop = element.scrollHeight;
    const note = (): void => {
      const left = element.scrollHeight - element.scrollTop - element.clientHeight;
      const { scrollHeight } = element;
      before.current = { height: scrollHeight, firstKey, isNearEnd: left < nearEndPx };
    };
    note();
    element.addEventListener('scroll', note, { passive: true });
    // What is shown above or below may take a part of its room.
    const resizing = new ResizeObserver(() => {
      if (before.current.isNearEnd) element.scrollTop = element.scrollHeight;
    });
    resizing.observe(element);
    return () => {
      element.removeEventListener('scroll', note);
      resizing.disconnect();
    };
  }, [list, lastKey, firstKey]);
}
