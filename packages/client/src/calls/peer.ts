import type { Sending } from './local-media.ts';
import type {
  Media,
  PeerConfiguration,
  PeerConnection,
  PeerConnectionConstructor,
  Sender,
} from './platform.ts';
import { Quality, type QualityReport } from './quality.ts';

export type Description = 'offer' | 'answer';

export interface PeerOptions {
  readonly RTCPeerConnection: PeerConnectionConstructor;
  readonly configuration: PeerConfiguration;
  /** Of two peers whose offers cross, the polite one takes its own back. */
  readonly isPolite: boolean;
  readonly send: (type: Description | 'ice_candidate', data: object) => void;
  /** Its state, or what it receives, has changed. */
  readonly onChange: (connection: string, streams: readonly Media[]) => void;
  /** Called before ICE restarts: credentials of TURN servers expire. */
  readonly renewServers: () => Promise<void>;
  /** When both were in the call, by `performance.now()`. */
  readonly sinceMs: number;
  /** Takes reports on how well the connection works; absent: there are none. */
  readonly report: ((report: QualityReport) => void) | undefined;
  readonly onError: (error: unknown) => void;
}

/** Signals may be lost where a server is killed. */
const watchMs = 5000;

/**
 * The connection to one peer. Both sides may change it whenever they like: "perfect negotiation" in
 * the WebRTC standard, as docs/calls.md says.
 */
export class Peer {
  readonly #options: PeerOptions;
  readonly #connection: PeerConnection;
  readonly #senders = new Map<string, Sender>();
  readonly #quality: Quality | undefined;
  readonly #watch: ReturnType<typeof setInterval>;
  #streams: readonly Media[] = [];
  #isOffering = false;
  #isSettingAnswer = false;
  #isIgnoring = false;
  #isClosed = false;

  constructor(options: PeerOptions) {
    this.#options = options;
    this.#connection = new options.RTCPeerConnection(options.configuration);
    this.#quality = this.#measure();
    this.#listen();
    this.#watch = setInterval(() => this.#heal(), watchMs);
  }

  /** Sends these tracks from now on, and no others. */
  sync(sendings: readonly Sending[]): void {
    for (const [place, sender] of this.#senders) {
      if (sendings.some((each) => each.place === place)) continue;
      this.#senders.delete(place);
      this.#connection.removeTrack(sender);
    }
    for (const { place, track, stream } of sendings) {
      const sender = this.#senders.get(place);
      if (sender !== undefined) {
        if (sender.track !== track) this.#attempt(sender.replaceTrack(track));
      } else if (track !== null) {
        this.#senders.set(place, this.#connection.addTrack(track, stream));
      }
    }
  }

  setConfiguration(configuration: PeerConfiguration): void {
    this.#connection.setConfiguration(configuration);
  }

  /** The peer may have missed the offer, or its answer was lost. */
  offerAgain(): void {
    if (this.#connection.signalingState === 'have-local-offer') this.#describe();
  }

  /** The network may be a different one. */
  recover(): void {
    const { connectionState } = this.#connection;
    if (connectionState === 'disconnected' || connectionState === 'failed') this.#restart();
    else this.offerAgain();
  }

  /**
   * Whether an offer needs a new connection: because the peer has loaded its page again, or the very
   * first offers cross (Chromium may find no candidates after it has taken back a first one).
   */
  isOutdatedBy(sdp: string): boolean {
    const known = this.#connection.remoteDescription?.sdp;
    if (known !== undefined) return originOf(known) !== originOf(sdp);
    const isBusy = this.#isOffering || this.#connection.signalingState !== 'stable';
    return this.#options.isPolite && isBusy;
  }

  /** Takes a signal of the peer. */
  hear(type: Description | 'ice_candidate', data: object): void {
    const { sdp = '' } = data as { readonly sdp?: string };
    this.#attempt(type === 'ice_candidate' ? this.#addCandidate(data) : this.#take(type, sdp));
  }

  /** Sends and hears nothing from now on. The connection itself ends when it has been measured. */
  close(): void {
    clearInterval(this.#watch);
    this.#isClosed = true;
    const connection = this.#connection;
    connection.onnegotiationneeded = null;
    connection.onicecandidate = null;
    connection.ontrack = null;
    connection.onconnectionstatechange = null;
    for (const sender of this.#senders.values()) this.#attempt(sender.replaceTrack(null));
    if (this.#quality === undefined) connection.close();
    else void this.#quality.close().finally(() => connection.close());
  }

  #measure(): Quality | undefined {
    const { onError, report, sinceMs } = this.#options;
    if (report === undefined) return undefined;
    return new Quality({ connection: this.#connection, sinceMs, send: report, onError });
  }

  #listen(): void {
    const connection = this.#connection;
    connection.onnegotiationneeded = () => this.#attempt(this.#offer());
    connection.onicecandidate = ({ candidate }) => {
      if (candidate !== null) this.#options.send('ice_candidate', candidate.toJSON());
    };
    connection.ontrack = ({ track, streams: [stream] }) => {
      this.#quality?.noteTrack(track);
      if (stream !== undefined) this.#receive(stream);
    };
    connection.onconnectionstatechange = () => {
      this.#quality?.noteState();
      this.#tell();
      if (connection.connectionState === 'failed') this.#restart();
    };
  }

  async #offer(): Promise<void> {
    this.#isOffering = true;
    try {
      await this.#connection.setLocalDescription();
      this.#describe();
    } finally {
      this.#isOffering = false;
    }
  }

  #describe(): void {
    const { localDescription } = this.#connection;
    if (localDescription === null || this.#isClosed) return;
    const { type, sdp } = localDescription;
    if (type === 'offer' || type === 'answer') this.#options.send(type, { sdp });
  }

  async #take(type: Description, sdp: string): Promise<void> {
    const { signalingState } = this.#connection;
    // The answer to an offer that was sent twice comes twice.
    const isAwaited = signalingState === 'have-local-offer' && !this.#isSettingAnswer;
    if (type === 'answer' && !isAwaited) return;
    const isReady = !this.#isOffering && (signalingState === 'stable' || this.#isSettingAnswer);
    this.#isIgnoring = type === 'offer' && !isReady && !this.#options.isPolite;
    if (this.#isIgnoring) return;
    this.#isSettingAnswer = type === 'answer';
    try {
      await this.#connection.setRemoteDescription({ type, sdp });
    } finally {
      this.#isSettingAnswer = false;
    }
    if (type === 'answer') return;
    await this.#connection.setLocalDescription();
    this.#describe();
  }

  async #addCandidate(candidate: object): Promise<void> {
    try {
      await this.#connection.addIceCandidate(candidate);
    } catch (error) {
      // Those of an offer that is ignored, or did not arrive, are of no use.
      if (!this.#isIgnoring && this.#connection.remoteDescription !== null) throw error;
    }
  }

  #receive(stream: Media): void {
    if (!this.#streams.includes(stream)) this.#streams = [...this.#streams, stream];
    stream.onremovetrack = () => {
      if (stream.getTracks().length === 0)
        this.#streams = this.#streams.filter((each) => each !== stream);
      this.#tell();
    };
    this.#tell();
  }

  #tell(): void {
    if (!this.#isClosed) this.#options.onChange(this.#connection.connectionState, this.#streams);
  }

  #restart(): void {
    const restart = async () => {
      await this.#options.renewServers();
      if (this.#isClosed) return;
      this.#quality?.noteRestart();
      this.#connection.restartIce();
    };
    this.#attempt(restart());
  }

  #heal(): void {
    this.offerAgain();
    const { remoteDescription, connectionState } = this.#connection;
    if (remoteDescription !== null && connectionState === 'new') this.#connection.restartIce();
  }

  /** What fails because the connection was closed meanwhile has not failed. */
  #attempt(work: Promise<unknown>): void {
    work.catch((error: unknown) => {
      if (!this.#isClosed) this.#options.onError(error);
    });
  }
}

/** What all descriptions of one connection have in common (RFC 8829, section 5.2.1). */
function originOf(sdp: string): string | undefined {
  return /^o=\S+ (\S+)/m.exec(sdp)?.[1];
}
