import { RefusedError } from '../http/errors.ts';
import type { ClientParts } from '../parts.ts';
import type { SocketEnd, SocketState } from '../sockets/live-socket.ts';
import { backOffMs } from '../support/back-off.ts';
import { pause } from '../support/delay.ts';
import { type CallEnd, type CallView, endIn } from './call-view.ts';
import type { LocalMedia } from './local-media.ts';
import type { Participants } from './participants.ts';
import { Peers } from './peers.ts';
import type { PeerConfiguration, Platform } from './platform.ts';
import { type SignalFrame, Signaling } from './signaling.ts';

export interface SeatOptions {
  readonly parts: ClientParts;
  readonly platform: Platform;
  readonly configuration: PeerConfiguration;
  readonly reportsQuality: boolean;
  readonly participants: Participants;
  readonly media: LocalMedia;
  /** The call as the server shows it now. */
  readonly onView: (view: CallView) => void;
  readonly onRules: (rules: { readonly host_id: string; readonly locked: boolean }) => void;
  readonly onParticipants: () => void;
  /** The signaling socket was lost, or is open again. */
  readonly onLost: (isLost: boolean) => void;
  readonly onEnd: (reason: CallEnd) => void;
  readonly onError: (error: unknown) => void;
}

const bounds = { firstMs: 500, maxMs: 15_000 };
/** Who looks does so again, and a socket that cannot be opened is to be told of soon. */
const once = { retryForMs: 0, timeoutMs: 5000 };

/** The part of this device in a call that it has started, answered or joined. */
export class Seat {
  readonly #options: SeatOptions;
  readonly #callId: string;
  readonly #signaling: Signaling;
  readonly #peers: Peers;
  readonly #closing = new AbortController();
  #wasLost = false;
  #isHushed = false;
  #told: { readonly isMicrophoneOn: boolean; readonly isCameraOn: boolean } | undefined;
  /** Users who were heard since the last look at the call began: of them the look may be outdated. */
  #heard = new Set<string>();

  /** @param view the reply by which the device has come into the call */
  constructor(options: SeatOptions, view: CallView) {
    const { configuration, media, onError, participants, parts, platform } = options;
    const { reportsQuality } = options;
    const { requester, tokens, userId } = parts;
    this.#options = options;
    this.#callId = view.call_id;
    const { RTCPeerConnection } = platform;
    const isMesh = view.topology === 'mesh';
    const peersOptions = {
      callId: view.call_id,
      userId,
      requester,
      tokens,
      // A LiveKit server is not connected to in this way.
      RTCPeerConnection: isMesh ? RTCPeerConnection : undefined,
      configuration,
      reportsQuality,
      joinedAtMs: (peerId: string) => participants.joinedAtMs(peerId),
      sendings: () => media.sendings,
      onError,
    };
    this.#peers = new Peers(
      {
        ...peersOptions,
        send: (to, type, data) => this.#signaling.tell(type, data, to),
        onChange: (peerId, connection, streams) => {
          participants.change(peerId, { connection, streams });
          options.onParticipants();
        },
      },
      view.ice_servers,
    );
    this.#signaling = new Signaling({
      ...parts,
      callId: view.call_id,
      onOpen: () => this.#enter(),
      onFrame: (frame) => this.#hear(frame),
      onState: (state, end) => this.#note(state, end),
      verify: () => this.#look(),
      onError,
    });
  }

  /** What this device sends has changed. */
  sendMedia(): void {
    this.#peers.sync();
    this.#tellMuted();
  }

  /** Ends sound and pictures, and hears no more: a request is about to end the call. */
  hush(): void {
    this.#isHushed = true;
    this.#peers.close();
    this.#options.media.close();
  }

  close(): void {
    this.#closing.abort();
    this.#signaling.close();
    this.hush();
  }

  #enter(): void {
    if (this.#isHushed) return;
    this.#signaling.tell('join', {});
    this.#told = undefined;
    this.#tellMuted();
    this.#peers.recover();
    if (this.#wasLost) this.#options.onLost(false);
    this.#wasLost = false;
    void this.#lookUntilSeen();
  }

  #note(state: SocketState, end?: SocketEnd): void {
    if (this.#isHushed) return;
    if (state === 'waiting' && !this.#wasLost) {
      this.#wasLost = true;
      this.#options.onLost(true);
    }
    if (end === 'replaced') this.#options.onEnd('continued_elsewhere');
    if (end === 'signed out') this.#options.onEnd('signed_out');
    if (end === 'not found') void this.#lookUntilSeen().then(() => this.#options.onEnd('left'));
  }

  /** Asks until the server has said how the call is. */
  async #lookUntilSeen(): Promise<void> {
    const { signal } = this.#closing;
    for (let failures = 1; !signal.aborted; failures += 1) {
      try {
        return await this.#look();
      } catch {
        // Whatever has failed is tried again: without a look nothing is known of the call.
        await pause(backOffMs(failures, bounds), signal);
      }
    }
  }

  /** Whether this device is still in the call, and who else is. */
  async #look(): Promise<void> {
    const { requester, tokens } = this.#options.parts;
    const { signal } = this.#closing;
    const request = { path: { call_id: this.#callId } };
    const options = { signal, ...once };
    this.#heard = new Set();
    try {
      const view = await requester.send('GET /v1/calls/:call_id', request, tokens, options);
      if (!this.#isHushed) this.#take(view);
    } catch (error) {
      const status = error instanceof RefusedError ? error.status : 0;
      if (status !== 403 && status !== 404) throw error;
      if (!this.#isHushed) this.#options.onEnd(status === 403 ? 'out_of_reach' : 'removed');
    }
  }

  #take(view: CallView): void {
    const { onEnd, onParticipants, onView, participants, parts } = this.#options;
    const end = endIn(view, parts.userId, true);
    if (end !== undefined) {
      onEnd(end);
      return;
    }
    onView(view);
    const certain = view.participants.filter(({ user_id }) => !this.#heard.has(user_id));
    participants.see({ ...view, participants: certain });
    for (const { userId, state } of participants.list) {
      if (state === 'joined') this.#peers.meet(userId);
      else this.#peers.forget(userId);
    }
    onParticipants();
  }

  #hear(frame: SignalFrame): void {
    if (this.#isHushed) return;
    if ('from' in frame) this.#hearOf(frame);
    if (frame.type === 'call_ended') this.#options.onEnd(frame.data.reason);
    if (frame.type === 'call_changed') this.#options.onRules(frame.data);
    this.#options.onParticipants();
  }

  #hearOf(frame: Extract<SignalFrame, { readonly from: string }>): void {
    const { from, type, data } = frame;
    const { media, onError, participants } = this.#options;
    this.#heard.add(from);
    if (type === 'offer' || type === 'answer' || type === 'ice_candidate') {
      this.#peers.hear(from, type, data);
    } else if (type === 'join' || type === 'peer_back') {
      participants.change(from, { state: 'joined', isAway: false });
      this.#greet(from);
    } else if (type === 'leave') {
      participants.change(from, { state: 'left' });
      this.#peers.forget(from);
    } else if (type === 'peer_left') {
      participants.change(from, { isAway: true });
    } else if (type === 'mute_request') {
      const off = data.media === 'audio' ? media.setMicrophone(false) : media.setCamera(false);
      off.catch(onError);
    } else {
      const isOn = !data.muted;
      const change = type === 'mute_audio' ? { isMicrophoneOn: isOn } : { isCameraOn: isOn };
      participants.change(from, change);
    }
  }

  /** A peer has opened a socket: it may have missed what was sent before. */
  #greet(userId: string): void {
    this.#peers.meet(userId);
    const { isCameraOn, isMicrophoneOn } = this.#options.media;
    this.#signaling.tell('mute_audio', { muted: !isMicrophoneOn }, userId);
    this.#signaling.tell('mute_video', { muted: !isCameraOn }, userId);
  }

  #tellMuted(): void {
    const { isCameraOn, isMicrophoneOn } = this.#options.media;
    if (this.#told?.isMicrophoneOn !== isMicrophoneOn)
      this.#signaling.tell('mute_audio', { muted: !isMicrophoneOn });
    if (this.#told?.isCameraOn !== isCameraOn)
      this.#signaling.tell('mute_video', { muted: !isCameraOn });
    this.#told = { isCameraOn, isMicrophoneOn };
  }
}
