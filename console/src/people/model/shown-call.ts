import type {
  Call,
  CallEnd,
  CallState,
  LocalMedia,
  Participant,
} from '@secureconnect/client/calls';

/** A call as it is shown: what it was when it last changed. */
export interface ShownCall {
  readonly call: Call;
  readonly state: CallState;
  readonly endReason: CallEnd | undefined;
  /** The connection to the server is lost for now; sound and pictures go on meanwhile. */
  readonly isLost: boolean;
  readonly participants: readonly Participant[];
  readonly isMicrophoneOn: boolean;
  readonly isCameraOn: boolean;
  readonly ownStream: LocalMedia['stream'];
  readonly ownScreen: LocalMedia['screen'];
}

/** What a call is now. */
export function shownCall(call: Call): ShownCall {
  const { endReason, isLost, media, participants, state } = call;
  return {
    ...{ call, endReason, isLost, participants, state },
    isMicrophoneOn: media?.isMicrophoneOn ?? false,
    isCameraOn: media?.isCameraOn ?? false,
    ownStream: media?.stream,
    ownScreen: media?.screen,
  };
}
