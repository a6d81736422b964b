import { RefusedError } from '../http/errors.ts';
import type { ClientParts } from '../parts.ts';
import { type Action, type ActOptions, act, comeOrLeave } from './act.ts';
import { CallOverError } from './call-over-error.ts';
import { type CallEnd, type CallView, endIn } from './call-view.ts';
import { LocalMedia, type MediaOptions } from './local-media.ts';
import { type Participant, Participants } from './participants.ts';
import type { PeerConfiguration, Platform } from './platform.ts';
import { Seat } from './seat.ts';

/**
 * - `incoming`: it rings here
 * - `outgoing`: it was started here, and nobody has answered yet
 * - `active`: this device is in it, and somebody else has answered
 * - `ended`: it is over for this device; `endReason` says why
 */
export type CallState = 'incoming' | 'outgoing' | 'active' | 'ended';

/**
 * What a listener of a call is told has changed:
 * - `state`: `state`
 * - `participants`: `participants`, `hostId` or `isLocked`
 * - `media`: what this device sends
 * - `lost`, `resumed`: the connection to the server; media goes on between peers meanwhile
 * - `ended`: `state` and `endReason`, once and last of all
 */
export type CallChange = 'state' | 'participants' | 'media' | 'lost' | 'resumed' | 'ended';

export interface CallDeps {
  readonly parts: ClientParts;
  readonly platform: Platform;
  readonly configuration: PeerConfiguration;
  readonly reportsQuality: boolean;
  readonly onError: (error: unknown) => void;
  readonly onOver: (call: Call) => void;
}

/** What is known of a call from the start. */
export interface CallFacts {
  readonly call_id: string;
  readonly conversation_id: string;
  readonly call_type: 'audio' | 'video';
  readonly caller_id: string;
}

/** The server decides within 2 s after the time to answer; frames may take 2 s more. */
const ringGraceMs = 5000;

/** A call, as this device sees it. */
export class Call {
  readonly id: string;
  readonly conversationId: string;
  readonly type: 'audio' | 'video';
  readonly callerId: string;
  readonly #deps: CallDeps;
  readonly #participants: Participants;
  readonly #listeners = new Set<(change: CallChange) => void>();
  #state: CallState;
  #endReason: CallEnd | undefined;
  #isLost = false;
  #rules: { readonly host_id: string; readonly locked: boolean };
  #media: LocalMedia | undefined;
  #seat: Seat | undefined;
  #isComing = false;
  #ringing: ReturnType<typeof setTimeout> | undefined;

  /** @internal Made by `Calls`. */
  constructor(deps: CallDeps, facts: CallFacts, state: 'incoming' | 'outgoing') {
    this.#deps = deps;
    this.id = facts.call_id;
    this.conversationId = facts.conversation_id;
    this.type = facts.call_type;
    this.callerId = facts.caller_id;
    this.#state = state;
    this.#rules = { host_id: facts.caller_id, locked: false };
    this.#participants = new Participants(deps.parts.userId);
    this.#participants.change(facts.caller_id, { state: 'joined' });
  }

  get state(): CallState {
    return this.#state;
  }

  /** Why it is over, once `state` is `ended`. */
  get endReason(): CallEnd | undefined {
    return this.#endReason;
  }

  /** Whether the connection to the server is lost for now. */
  get isLost(): boolean {
    return this.#isLost;
  }

  /** The user who may mute, remove, lock and hand over: by the routes in docs/calls.md. */
  get hostId(): string {
    return this.#rules.host_id;
  }

  /** Whether nobody else may join. */
  get isLocked(): boolean {
    return this.#rules.locked;
  }

  /** Everybody else in the call, as they are now: a new list after each change. */
  get participants(): readonly Participant[] {
    return this.#participants.list;
  }

  /** Microphone, camera and screen of this device, once it is in the call. */
  get media(): LocalMedia | undefined {
    return this.#media;
  }

  /** Tells a listener of every change from now on. @returns what ends that */
  subscribe(listener: (change: CallChange) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /**
   * Answers the call on this device, after its microphone and camera were opened.
   * @throws MediaError where they cannot be used; the call rings on
   * @throws CallOverError where it is over meanwhile, or a different device has answered
   */
  async accept(options: MediaOptions & ActOptions = {}): Promise<void> {
    if (this.#state !== 'incoming') throw this.#wrongState('accept');
    const { platform } = this.#deps;
    const { signal, ...request } = options;
    this.#isComing = true;
    let media: LocalMedia | undefined;
    try {
      media = await LocalMedia.open(platform.mediaDevices, this.type, options);
      signal?.throwIfAborted();
      const view = await comeOrLeave(this.#deps, this.#act('accept', request), signal);
      if (this.#endReason !== undefined) throw new CallOverError(this.#endReason);
      this.enter(view, media);
    } catch (error) {
      media?.close();
      await this.#endIfRefused(error);
      throw error;
    } finally {
      this.#isComing = false;
    }
  }

  /** Does not answer: on no device. */
  async decline(options: ActOptions = {}): Promise<void> {
    if (this.#state !== 'incoming') throw this.#wrongState('decline');
    await this.#leave('decline', options);
  }

  /**
   * Stops a call that nobody has answered.
   * @throws RefusedError where somebody has, meanwhile
   */
  async cancel(options: ActOptions = {}): Promise<void> {
    if (this.#state !== 'outgoing') throw this.#wrongState('cancel');
    await this.#leave('cancel', options);
  }

  /**
   * Hangs up: leaves the call, or ends it for all as its host; declines one that rings. Sound and
   * pictures end at once, and the call here in any case.
   * @throws LostReplyError, RefusedError where the server may not know; it notices after 30 s
   */
  async end(options: ActOptions = {}): Promise<void> {
    if (this.#state === 'ended') return;
    this.#seat?.hush();
    try {
      await this.#leave('end', options);
    } finally {
      this.over('left');
    }
  }

  /** @internal The server has let this device in. */
  enter(view: CallView, media: LocalMedia): void {
    if (this.#seat !== undefined) {
      media.close();
      return;
    }
    clearTimeout(this.#ringing);
    this.#media = media;
    media.onChange = () => this.#sendMedia();
    this.#participants.see(view);
    const end = endIn(view, this.#deps.parts.userId, true);
    if (end === undefined) this.#sit(view, media);
    else this.over(end);
  }

  #sit(view: CallView, media: LocalMedia): void {
    const { configuration, onError, parts, platform, reportsQuality } = this.#deps;
    const participants = this.#participants;
    // From here on it is the signaling socket that may be lost; that of the device was, maybe.
    this.setLost(false);
    this.#see(view);
    this.#seat = new Seat(
      {
        ...{ configuration, media, onError, participants, parts, platform, reportsQuality },
        onView: (later) => this.#see(later),
        onRules: (rules) => this.#setRules(rules),
        onParticipants: () => this.#seeParticipants(),
        onLost: (isLost) => this.setLost(isLost),
        onEnd: (reason) => this.over(reason),
      },
      view,
    );
  }

  /** @internal The device hears that it rings, for so long. */
  ring(forMs: number): void {
    clearTimeout(this.#ringing);
    const check = () => void this.check({ isLast: true });
    this.#ringing = setTimeout(check, Math.max(0, forMs) + ringGraceMs);
  }

  /** @internal A user has answered: also the one of this device, here or elsewhere. */
  answered(userId: string): void {
    if (userId !== this.#deps.parts.userId) {
      this.#participants.change(userId, { state: 'joined' });
      if (this.#state === 'outgoing') this.#setState('active');
      this.#tell('participants');
    } else if (this.#state === 'incoming' && !this.#isComing) {
      this.over('answered_elsewhere');
    }
  }

  /**
   * @internal Asks whether a call still rings that was not heard of for a while.
   * @param isLast whether it stops ringing where the server does not answer
   */
  async check({ isLast }: { readonly isLast: boolean }): Promise<void> {
    if (this.#state !== 'incoming') return;
    try {
      const end = await this.#findEnd();
      if (end !== undefined) this.over(end);
      else if (isLast) this.ring(0);
    } catch (error) {
      if (error instanceof RefusedError && [403, 404].includes(error.status)) this.over('removed');
      else if (isLast) this.over('no_answer');
    }
  }

  /** @internal */
  setLost(isLost: boolean): void {
    if (this.#isLost === isLost || this.#state === 'ended') return;
    this.#isLost = isLost;
    this.#tell(isLost ? 'lost' : 'resumed');
  }

  /** @internal The end is told once, whichever socket or reply brings it first. */
  over(reason: CallEnd): void {
    if (this.#state === 'ended') return;
    clearTimeout(this.#ringing);
    this.#state = 'ended';
    this.#endReason = reason;
    this.#seat?.close();
    this.#media?.close();
    this.#deps.onOver(this);
    this.#tell('ended');
    this.#listeners.clear();
  }

  #act(action: Action, options: ActOptions): Promise<CallView> {
    return act(this.#deps.parts, this.id, action, options);
  }

  async #leave(action: 'decline' | 'cancel' | 'end', options: ActOptions): Promise<void> {
    try {
      const view = await this.#act(action, options);
      this.over(endIn(view, this.#deps.parts.userId, false) ?? 'left');
    } catch (error) {
      await this.#endIfRefused(error);
      throw error;
    }
  }

  /** Refused because it is over meanwhile, that is the end. @throws CallOverError */
  async #endIfRefused(error: unknown): Promise<void> {
    if (!(error instanceof RefusedError) || ![403, 404, 409].includes(error.status)) return;
    if (this.#seat !== undefined) return;
    await this.check({ isLast: false });
    if (this.#endReason !== undefined) throw new CallOverError(this.#endReason);
  }

  async #findEnd(): Promise<CallEnd | undefined> {
    const { requester, tokens, userId } = this.#deps.parts;
    const request = { path: { call_id: this.id } };
    const view = await requester.send('GET /v1/calls/:call_id', request, tokens, {});
    return endIn(view, userId, false);
  }

  #see(view: CallView): void {
    this.#setRules(view);
    if (view.status === 'active') this.#setState('active');
    else if (this.#state === 'incoming') this.#setState('outgoing');
  }

  #setState(state: 'outgoing' | 'active'): void {
    if (this.#state === state || this.#state === 'ended') return;
    this.#state = state;
    this.#tell('state');
  }

  #setRules({ host_id, locked }: { readonly host_id: string; readonly locked: boolean }): void {
    this.#rules = { host_id, locked };
    this.#tell('participants');
  }

  #seeParticipants(): void {
    if (this.#participants.joined.length > 0) this.#setState('active');
    this.#tell('participants');
  }

  #sendMedia(): void {
    this.#seat?.sendMedia();
    this.#tell('media');
  }

  #wrongState(action: Action): Error {
    if (this.#endReason !== undefined) return new CallOverError(this.#endReason);
    return new Error(`The call is ${this.#state}: ${action} does not apply to it.`);
  }

  #tell(change: CallChange): void {
    for (const listener of this.#listeners) {
      try {
        listener(change);
      } catch (error) {
        this.#deps.onError(error);
      }
    }
  }
}
