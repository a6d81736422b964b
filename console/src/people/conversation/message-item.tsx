import { useAction } from '../../app/use-action.ts';
import { Button } from '../../ui/button.tsx';
import { classes } from '../../ui/classes.ts';
import { shortTime } from '../../ui/times.ts';
import { fileOf } from '../model/shared-file.ts';
import type { ShownMessage } from '../model/shown-message.ts';
import type { Timeline } from '../model/timeline.ts';
import { useDesk } from '../person-context.ts';
import { Attachment } from './attachment.tsx';

interface MessageItemProps {
  readonly shown: ShownMessage;
  readonly timeline: Timeline;
  /** Whether several people write, so that each message names its sender. */
  readonly isGroup: boolean;
  /** Whether it is the newest of the user's that others have read. */
  readonly isRead: boolean;
}

/** A message, and what has become of it. */
export function MessageItem({ shown, timeline, isGroup, isRead }: MessageItemProps) {
  const { person } = useDesk();
  const isOwn = shown.state !== 'stored' || shown.message.sender_id === person.me.user_id;
  return (
    <li
      class={classes('grid max-w-[85%] gap-0.5', isOwn ? 'justify-self-end' : 'justify-self-start')}
    >
      {shown.state === 'stored' && !isOwn && isGroup && (
        <span class="text-xs text-muted">{person.names.of(shown.message.sender_id).value}</span>
      )}
      <div
        class={classes(
          'rounded-lg px-3 py-1.5 break-words whitespace-pre-wrap',
          isOwn ? 'bg-accent-soft' : 'bg-raised',
          shown.state === 'refused' && 'border border-bad bg-bad-soft',
        )}
      >
        <Content shown={shown} />
      </div>
      <Footing shown={shown} timeline={timeline} isOwn={isOwn} isRead={isRead} />
    </li>
  );
}

function Content({ shown }: { shown: ShownMessage }) {
  if (shown.state !== 'stored') return shown.entry.message.content;
  const { message } = shown;
  if (message.deleted_at !== undefined) return <em class="text-muted">deleted</em>;
  const file = fileOf(message);
  return file === undefined ? message.content : <Attachment file={file} />;
}

/** When it was stored; or why it is not. */
function Footing({
  shown,
  timeline,
  isOwn,
  isRead,
}: Omit<MessageItemProps, 'isGroup'> & { isOwn: boolean }) {
  const align = isOwn ? 'text-right' : '';
  if (shown.state === 'waiting')
    return <p class={`text-xs text-warn ${align}`}>waiting to be sent</p>;
  if (shown.state === 'refused') {
    return <Refused id={shown.key} reason={shown.reason} timeline={timeline} />;
  }
  const { created_at, edited_at, reactions = [] } = shown.message;
  return (
    <p class={`text-xs text-muted ${align}`}>
      {reactions.map(({ emoji, user_ids: users }) => `${emoji} ${users.length} `)}
      <time dateTime={created_at}>{shortTime(created_at)}</time>
      {edited_at !== undefined && ' · edited'}
      {isRead && ' · read'}
    </p>
  );
}

function Refused({ id, reason, timeline }: { id: string; reason: string; timeline: Timeline }) {
  const giveUp = useAction(() => timeline.giveUp(id));
  return (
    <div role="alert" class="text-right text-xs text-bad">
      Not sent: {reason}{' '}
      <Button kind="quiet" onClick={giveUp.run} isBusy={giveUp.isBusy}>
        Remove
      </Button>
    </div>
  );
}
