import { useState } from 'preact/hooks';
import { Button } from '../../ui/button.tsx';
import { useDesk } from '../person-context.ts';
import { callErrorText } from './call-error-text.ts';

/** Begin a call in a conversation. */
export function CallButtons({ conversationId }: { conversationId: string }) {
  const { calls } = useDesk();
  const [error, setError] = useState<string>();
  const [isBusy, setIsBusy] = useState(false);
  const state = calls.shown.value?.state;
  const isInCall = state !== undefined && state !== 'ended';
  const start = (type: 'audio' | 'video'): void => {
    setError(undefined);
    setIsBusy(true);
    calls
      .start(conversationId, type)
      .catch((cause: unknown) => setError(callErrorText(cause)))
      .finally(() => setIsBusy(false));
  };
  return (
    <>
      {error !== undefined && (
        <span role="alert" class="text-sm text-bad">
          {error}
        </span>
      )}
      <Button onClick={() => start('audio')} disabled={isInCall} isBusy={isBusy}>
        Call
      </Button>
      <Button label="Video call" onClick={() => start('video')} disabled={isInCall} isBusy={isBusy}>
        Video
      </Button>
    </>
  );
}
