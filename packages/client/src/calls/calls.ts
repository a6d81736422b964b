import type { Client } from '../client.ts';
import type { RequestOf, Schemas } from '../http/routes.ts';
import type { ClientParts } from '../parts.ts';
import { LiveSocket, type SocketEnd, type SocketState } from '../sockets/live-socket.ts';
import { onNetwork } from '../support/network.ts';
import { type ActOptions, act, comeOrLeave } from './act.ts';
import { Call, type CallDeps, type CallFacts } from './call.ts';
import type { CallFrame, CallView } from './call-view.ts';
import { LocalMedia, type MediaOptions } from './local-media.ts';
import { type Device, ownPlatform, type PeerConfiguration, type Platform } from './platform.ts';

export interface CallsOptions extends Partial<Platform> {
  /** A call rings on this device: show it, and subscribe to it to learn when that is over. */
  readonly onIncoming?: (call: Call) => void;
  /** The list of microphones and cameras has changed. */
  readonly onDevices?: () => void;
  /** Of the socket over which calls ring. */
  readonly onState?: (state: SocketState, end?: SocketEnd) => void;
  /** What a listener has thrown, or a connection. Default: it is an unhandled rejection. */
  readonly onError?: (error: unknown) => void;
  /** Of each connection to a peer; ICE servers come from the server. */
  readonly configuration?: PeerConfiguration;
  /**
   * Whether the server is told every 30 s, and when a connection ends, how well it worked: times,
   * counts and kinds of candidates, no addresses. Default true.
   */
  readonly reportsQuality?: boolean;
}

/** As the body of `POST /v1/calls/initiate`. */
export type NewCall = RequestOf<'POST /v1/calls/initiate'>['body'];

type ServerFrame = Schemas['ChatServerFrame'];

/**
 * Opens this device to calls of the signed-in user: it rings from now on. In Node.js, which has no
 * WebRTC, calls are signaled without media, unless an implementation is given.
 * @throws SignedOutError where nobody is signed in
 */
export async function openCalls(client: Client, options: CallsOptions = {}): Promise<Calls> {
  return new Calls(await client.parts(), options);
}

/** This device of a user: it rings, answers and calls. */
export class Calls {
  readonly #parts: ClientParts;
  readonly #options: CallsOptions;
  readonly #deps: CallDeps;
  readonly #calls = new Map<string, Call>();
  /** Ids of calls that are over here: frames may speak of them for a while. */
  readonly #over = new Set<string>();
  /** Conversations in which a call is being started. */
  readonly #starting = new Set<string>();
  readonly #socket: LiveSocket<ServerFrame>;
  readonly #closing = new AbortController();

  /** @internal */
  constructor(parts: ClientParts, options: CallsOptions) {
    const platform = { ...ownPlatform(), ...options };
    this.#parts = parts;
    this.#options = options;
    this.#deps = {
      parts,
      platform,
      configuration: options.configuration ?? {},
      reportsQuality: options.reportsQuality ?? true,
      onError: options.onError ?? ((error) => void Promise.reject(error)),
      onOver: (call) => this.#forget(call),
    };
    const { signal } = this.#closing;
    this.#socket = this.#openSocket();
    onNetwork('offline', () => this.#socket.drop(), signal);
    onNetwork('online', () => this.#socket.hurry(), signal);
    const { mediaDevices } = platform;
    if (mediaDevices !== undefined) mediaDevices.ondevicechange = () => options.onDevices?.();
    parts.closing.addEventListener('abort', () => this.close(), { signal });
  }

  /** The calls that ring here, and those in which this device is. */
  get calls(): readonly Call[] {
    return [...this.#calls.values()];
  }

  /**
   * Calls the others in a conversation, after microphone and camera were opened. If they call at the
   * same moment, both are in one call. A call that has ended by the time of the reply, such as `busy`,
   * is given with its `endReason`.
   * @throws MediaError where microphone or camera cannot be used: nobody is called
   * @throws LostReplyError where nobody knows whether it rings; started once more, it is the same call
   */
  async start(newCall: NewCall, options: MediaOptions & ActOptions = {}): Promise<Call> {
    const { conversation_id: conversationId, call_type: type } = newCall;
    const { signal, ...request } = options;
    const media = await this.#openMedia(type, options);
    this.#starting.add(conversationId);
    try {
      const { requester, tokens } = this.#parts;
      const route = 'POST /v1/calls/initiate';
      const repeatable = { ...request, isRepeatable: true };
      const starting = requester.send(route, { body: newCall }, tokens, repeatable);
      return this.#enter(await comeOrLeave(this.#deps, starting, signal), media);
    } catch (error) {
      media.close();
      throw error;
    } finally {
      this.#starting.delete(conversationId);
      this.#ringLate(conversationId);
    }
  }

  /**
   * Comes to a call that goes on: after a reload, or later than it was declined or missed.
   * @throws MediaError, or RefusedError where the call is over or does not let the user in
   */
  async join(callId: string, options: MediaOptions & ActOptions = {}): Promise<Call> {
    const known = this.#calls.get(callId);
    if (known?.state === 'incoming') await known.accept(options);
    if (known !== undefined) return known;
    const { signal, ...request } = options;
    const { requester, tokens } = this.#parts;
    const route = 'GET /v1/calls/:call_id';
    const { call_type: type } = await requester.send(
      route,
      { path: { call_id: callId } },
      tokens,
      signal === undefined ? {} : { signal },
    );
    const media = await this.#openMedia(type, options);
    try {
      const joining = act(this.#parts, callId, 'join', request);
      return this.#enter(await comeOrLeave(this.#deps, joining, signal), media);
    } catch (error) {
      media.close();
      throw error;
    }
  }

  /** Microphones, cameras and loudspeakers; they have names once the user has allowed one. */
  async devices(): Promise<readonly Device[]> {
    return (await this.#deps.platform.mediaDevices?.enumerateDevices()) ?? [];
  }

  /** Rings no more, and leaves the calls as a page does that is closed: call `end` to hang up. */
  close(): void {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort();
    this.#socket.close();
    const { mediaDevices } = this.#deps.platform;
    if (mediaDevices !== undefined) mediaDevices.ondevicechange = null;
    for (const call of this.calls) call.over('closed');
  }

  #openSocket(): LiveSocket<ServerFrame> {
    const { quietMs, requester, tokens, WebSocket } = this.#parts;
    return new LiveSocket({
      url: `${requester.baseUrl.replace(/^http/, 'ws')}/v1/ws/chat`,
      tokens,
      WebSocket,
      answers: ['ack', 'error'],
      probe: { frame: { type: 'ping' }, quietMs },
      verify: (signal) => requester.send('GET /v1/users/me', {}, tokens, { signal, retryForMs: 0 }),
      onFrame: (frame) => this.#hear(frame),
      onOpen: () => this.#checkRinging(),
      onState: (state, end) => this.#note(state, end),
      onError: this.#deps.onError,
    });
  }

  #hear(frame: ServerFrame): void {
    if (!isCallFrame(frame)) return;
    const call = this.#calls.get(frame.data.call_id);
    if (frame.type === 'call_ringing') this.#ring(frame);
    else if (frame.type === 'call_ended') call?.over(frame.data.reason);
    else if (call !== undefined) this.#noteAnswer(call, frame.from);
  }

  #noteAnswer(call: Call, userId: string): void {
    // A call that is started here while it rings here is answered here.
    const isHere = userId === this.#parts.userId && this.#starting.has(call.conversationId);
    if (!isHere) call.answered(userId);
  }

  #ring(frame: Extract<CallFrame, { readonly type: 'call_ringing' }>): void {
    const { at, conversation_id, data, from: caller_id } = frame;
    const { call_id, ring_until } = data;
    if (this.#over.has(call_id)) return;
    // Both times are the server's: the clock of this device may be wrong.
    const nowMs = Math.max(Date.parse(at), this.#parts.requester.serverNowMs ?? 0);
    const forMs = Date.parse(ring_until) - nowMs;
    const known = this.#calls.get(call_id);
    const call = known ?? this.#add({ ...data, conversation_id, caller_id }, 'incoming');
    call.ring(forMs);
    const isNew = known === undefined && !this.#starting.has(conversation_id);
    if (isNew) this.#tellIncoming(call);
  }

  /** A call that rang while the user was calling, without success. */
  #ringLate(conversationId: string): void {
    for (const call of this.calls) {
      if (call.conversationId === conversationId && call.state === 'incoming')
        this.#tellIncoming(call);
    }
  }

  #tellIncoming(call: Call): void {
    try {
      this.#options.onIncoming?.(call);
    } catch (error) {
      this.#deps.onError(error);
    }
  }

  /** What rings is told over each new socket; what does not any more is not. */
  #checkRinging(): void {
    for (const call of this.calls) {
      if (call.state !== 'incoming') continue;
      call.setLost(false);
      void call.check({ isLast: false });
    }
  }

  #note(state: SocketState, end?: SocketEnd): void {
    for (const call of this.calls) {
      if (call.state !== 'incoming') continue;
      if (state === 'waiting') call.setLost(true);
      if (end === 'signed out') call.over('signed_out');
    }
    this.#options.onState?.(state, end);
  }

  async #openMedia(type: 'audio' | 'video', options: MediaOptions & ActOptions) {
    const { signal } = options;
    signal?.throwIfAborted();
    const media = await LocalMedia.open(this.#deps.platform.mediaDevices, type, options);
    if (signal?.aborted === true) media.close();
    signal?.throwIfAborted();
    return media;
  }

  #enter(view: CallView, media: LocalMedia): Call {
    const call = this.#calls.get(view.call_id) ?? this.#add(view, 'outgoing');
    call.enter(view, media);
    return call;
  }

  #add(facts: CallFacts, state: 'incoming' | 'outgoing'): Call {
    const call = new Call(this.#deps, facts, state);
    this.#calls.set(call.id, call);
    return call;
  }

  #forget(call: Call): void {
    this.#calls.delete(call.id);
    this.#over.add(call.id);
    if (this.#over.size <= maxOver) return;
    const [oldest] = this.#over;
    if (oldest !== undefined) this.#over.delete(oldest);
  }
}

const maxOver = 100;

function isCallFrame(frame: ServerFrame): frame is CallFrame {
  return frame.type.startsWith('call_');
}
