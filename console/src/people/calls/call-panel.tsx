import { useEffect, useRef, useState } from 'preact/hooks';
import { useFocusWhenLost } from '../../app/use-focus-when-lost.ts';
import { Button } from '../../ui/button.tsx';
import { classes } from '../../ui/classes.ts';
import type { ShownCall } from '../model/shown-call.ts';
import { useDesk } from '../person-context.ts';
import { callErrorText } from './call-error-text.ts';
import { DeviceChoice } from './device-choice.tsx';
import { endWords } from './end-words.ts';
import { Picture } from './picture.tsx';

/** The call of a person, while there is one. */
export function CallPanel() {
  const shown = useDesk().calls.shown.value;
  const panel = useRef<HTMLElement>(null);
  useFocusWhenLost(shown?.state, panel);
  if (shown === undefined) return null;
  return (
    <section
      ref={panel}
      tabIndex={-1}
      aria-label="Call"
      class="grid shrink-0 gap-3 rounded-lg border border-accent bg-surface p-3"
    >
      {shown.state === 'incoming' && <Incoming shown={shown} />}
      {(shown.state === 'outgoing' || shown.state === 'active') && <Ongoing shown={shown} />}
      {shown.state === 'ended' && <Ended shown={shown} />}
    </section>
  );
}

interface CallAction {
  readonly run: (act: () => Promise<unknown>) => void;
  readonly isBusy: boolean;
  /** What went wrong the last time. */
  readonly error: string | undefined;
}

/** Runs what a button of a call does, one at a time. */
function useCallAction(): CallAction {
  const [error, setError] = useState<string>();
  const [isBusy, setIsBusy] = useState(false);
  const run = (act: () => Promise<unknown>): void => {
    setError(undefined);
    setIsBusy(true);
    act()
      .catch((cause: unknown) => setError(callErrorText(cause)))
      .finally(() => setIsBusy(false));
  };
  return { run, isBusy, error };
}

function CallError({ text }: { text: string | undefined }) {
  if (text === undefined) return null;
  return (
    <p role="alert" class="text-sm text-bad">
      {text}
    </p>
  );
}

function Incoming({ shown: { call } }: { shown: ShownCall }) {
  const { person } = useDesk();
  const { error, isBusy, run } = useCallAction();
  return (
    <>
      <p role="alert" class="font-semibold">
        {person.names.of(call.callerId).value} is calling
        {call.type === 'video' ? ', with video' : ''}
      </p>
      <div class="flex gap-2">
        <Button kind="primary" isBusy={isBusy} onClick={() => run(() => call.accept())}>
          Accept
        </Button>
        <Button kind="danger" isBusy={isBusy} onClick={() => run(() => call.decline())}>
          Decline
        </Button>
      </div>
      <CallError text={error} />
    </>
  );
}

function Ongoing({ shown }: { shown: ShownCall }) {
  const { isSilent = false, person } = useDesk();
  const { participants } = shown;
  const names = participants.map(({ userId }) => person.names.of(userId).value).join(', ');
  return (
    <>
      <p role="status" class="text-sm font-semibold">
        {shown.state === 'outgoing' ? `Calling ${names}…` : `In a call with ${names}`}
        {shown.isLost && ' · connecting again…'}
      </p>
      <div
        class={classes(
          'relative flex flex-wrap justify-center gap-2 rounded-md bg-black',
          shown.isCameraOn && 'min-h-24',
        )}
      >
        {participants.flatMap(({ streams, userId }) =>
          streams.map((stream) => (
            <Picture
              key={stream.id}
              stream={stream}
              isMuted={isSilent}
              label={person.names.of(userId).value}
              // Sound alone has nothing to be seen.
              class={stream.getVideoTracks().length > 0 ? 'h-40 min-w-0 flex-1 sm:h-52' : 'sr-only'}
            />
          )),
        )}
        <OwnPictures shown={shown} />
      </div>
      <Absent shown={shown} />
      <Controls shown={shown} />
    </>
  );
}

const ownPictureClass = 'h-12 w-16 shadow sm:h-20 sm:w-28';

/** Small, above those of the others. */
function OwnPictures({ shown: { isCameraOn, ownScreen, ownStream } }: { shown: ShownCall }) {
  return (
    <div class="absolute right-2 bottom-2 flex gap-2">
      {ownScreen !== undefined && (
        <Picture stream={ownScreen} isMuted label="Your screen" class={ownPictureClass} />
      )}
      {ownStream !== undefined && isCameraOn && (
        <Picture stream={ownStream} isMuted label="You" class={ownPictureClass} />
      )}
    </div>
  );
}

/** What the others have switched off, as pictures do not tell. */
function Absent({ shown: { participants } }: { shown: ShownCall }) {
  const { names } = useDesk().person;
  const lines = participants
    .filter(({ state }) => state === 'joined')
    .flatMap(({ isAway, isCameraOn, isMicrophoneOn, userId }) => {
      const name = names.of(userId).value;
      if (isAway) return [`${name} has lost the connection.`];
      return [
        ...(isMicrophoneOn ? [] : [`${name} is muted.`]),
        ...(isCameraOn ? [] : [`${name} has no camera on.`]),
      ];
    });
  return (
    <p role="status" class="text-sm text-muted">
      {lines.join(' ')}
    </p>
  );
}

function Controls({ shown }: { shown: ShownCall }) {
  const { call, isCameraOn, isMicrophoneOn, ownScreen } = shown;
  const { error, isBusy, run } = useCallAction();
  const { media } = call;
  if (media === undefined) return null;
  return (
    <>
      <div class="flex flex-wrap gap-2">
        <Button isBusy={isBusy} onClick={() => run(() => media.setMicrophone(!isMicrophoneOn))}>
          {isMicrophoneOn ? 'Mute' : 'Unmute'}
        </Button>
        <Button isBusy={isBusy} onClick={() => run(() => media.setCamera(!isCameraOn))}>
          {isCameraOn ? 'Camera off' : 'Camera on'}
        </Button>
        {ownScreen === undefined ? (
          <Button isBusy={isBusy} onClick={() => run(() => media.shareScreen())}>
            Share the screen
          </Button>
        ) : (
          <Button onClick={() => media.stopScreen()}>Stop sharing</Button>
        )}
        <Button kind="danger" onClick={() => run(() => call.end())}>
          Hang up
        </Button>
      </div>
      <DeviceChoice media={media} onChoose={(choice) => run(() => media.use(choice))} />
      <CallError text={error} />
    </>
  );
}

/** Said for so long, unless it is dismissed before. */
const endShownForMs = 10_000;

function Ended({ shown: { call, endReason } }: { shown: ShownCall }) {
  const { calls } = useDesk();
  useEffect(() => {
    const timer = setTimeout(() => calls.dismiss(), endShownForMs);
    return () => clearTimeout(timer);
  }, [calls, call]);
  return (
    <div class="flex items-center gap-2">
      <p role="status" class="flex-1 text-sm">
        {endReason === undefined ? 'The call is over.' : endWords[endReason]}
      </p>
      <Button kind="quiet" onClick={() => calls.dismiss()}>
        Close
      </Button>
    </div>
  );
}
