import { LostReplyError, SignedOutError } from '../http/errors.ts';
import type { ClientParts } from '../parts.ts';
import { LiveSocket, type SocketEnd, type SocketState } from '../sockets/live-socket.ts';
import { onNetwork } from '../support/network.ts';
import { catchUp } from './catch-up.ts';
import { Feed, type LoggedEvent } from './feed.ts';
import type { ChatEvent, KeysLow, Message, NewMessage, ServerFrame } from './frames.ts';
import { Mailing, type OutcomeOrigin } from './mailing.ts';
import type { OutboxEntry } from './outbox.ts';
import { Position } from './position.ts';
import type { Outcome } from './sender.ts';

export interface ChatHandlers {
  /** Each event of the user's conversations, once; awaited before the next one. */
  readonly onEvent?: (event: ChatEvent) => void | Promise<void>;
  /** More was missed than the server keeps for this: read the histories that are shown. */
  readonly onGap?: () => void;
  /** Upload one-time pre-keys. Every page of the device hears it, and it may be lost: `is_low` is not. */
  readonly onKeysLow?: (keys: KeysLow) => void;
  readonly onState?: (state: SocketState, end?: SocketEnd) => void;
  /** What has become of a message, also of one of another page or of the time before a reload. */
  readonly onOutcome?: (outcome: Outcome) => void;
  /** What a handler or the store has thrown. Default: it is an unhandled rejection. */
  readonly onError?: (error: unknown) => void;
}

/**
 * The conversations of a user: their events as they happen, without a gap over losses of the socket
 * and reloads, and messages that are sent once, also when their page is reloaded meanwhile.
 */
export class Chat {
  readonly #options: ClientParts;
  readonly #handlers: ChatHandlers;
  readonly #position: Position;
  readonly #feed: Feed;
  readonly #mailing: Mailing;
  readonly #socket: LiveSocket<ServerFrame>;
  readonly #closing = new AbortController();

  /** @param position that was loaded */
  private constructor(options: ClientParts, handlers: ChatHandlers, position: Position) {
    this.#options = options;
    this.#handlers = handlers;
    this.#position = position;
    const onError = (error: unknown) => this.#onError(error);
    this.#feed = new Feed({
      position,
      onEvent: (event) => handlers.onEvent?.(event),
      onError,
      onOverflow: () => this.#socket.drop(),
    });
    this.#mailing = new Mailing({
      ...options,
      onError,
      deliver: (entry, signal) => this.#deliver(entry, signal),
      onOutcome: (outcome, origin) => this.#note(outcome, origin),
    });
    this.#socket = this.#openSocket();
    this.#heedNetwork();
  }

  /** Opens the conversations of a user. @throws what the store throws */
  static async open(options: ClientParts, handlers: ChatHandlers): Promise<Chat> {
    const position = new Position(options.store, options.userId);
    await position.load();
    return new Chat(options, handlers, position);
  }

  /**
   * Keeps a message, and sends it as soon as that is possible.
   * @returns the message as the server has stored it, however long that takes
   * @throws MessageRefusedError where the server refuses it for good
   * @throws StorageFullError where it cannot be kept: it is not sent
   */
  send(message: NewMessage): Promise<Message> {
    return this.#mailing.send(message);
  }

  /** The messages that are not stored yet, and those that were refused. */
  get outbox(): Mailing {
    return this.#mailing;
  }

  /** Tells the others in a conversation, where that is possible now. */
  showTyping(conversationId: string, isTyping = true): void {
    const data = { is_typing: isTyping };
    this.#socket.tell({ type: 'typing', conversation_id: conversationId, data });
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#socket.close();
    await this.#mailing.close();
    await this.#feed.idle;
    await this.#position.save();
  }

  #openSocket(): LiveSocket<ServerFrame> {
    const { requester, tokens, WebSocket } = this.#options;
    return new LiveSocket({
      url: `${requester.baseUrl.replace(/^http/, 'ws')}/v1/ws/chat`,
      tokens,
      WebSocket,
      answers: ['ack', 'resumed', 'error'],
      probe: { frame: { type: 'ping' }, quietMs: this.#options.quietMs },
      verify: (signal) => requester.send('GET /v1/users/me', {}, tokens, { signal, retryForMs: 0 }),
      onFrame: (frame) => this.#hear(frame),
      onOpen: () => this.#resume(),
      onState: (state, end) => this.#handlers.onState?.(state, end),
      onError: (error) => this.#onError(error),
    });
  }

  #hear(frame: ServerFrame): void {
    if (isAnswer(frame)) return;
    if (frame.type === 'keys_low') {
      this.#handlers.onKeysLow?.(frame.data);
      return;
    }
    // Sent over the socket of another page or by HTTP, it may come before its outcome.
    const isOwn = frame.type === 'chat' && this.#mailing.isPending(frame.data.client_message_id);
    if (isOwn) this.#position.rememberMessage(frame.data.message_id);
    this.#feed.take(frame);
  }

  #resume(): void {
    this.#feed.beginResuming();
    void this.#catchUp();
    this.#mailing.hurry();
  }

  async #catchUp(): Promise<void> {
    const parts = { position: this.#position, feed: this.#feed, socket: this.#socket };
    try {
      const { requester, tokens } = this.#options;
      const { signal } = this.#closing;
      const isComplete = await catchUp({ ...parts, requester, tokens, signal });
      if (!isComplete) this.#handlers.onGap?.();
    } catch (error) {
      // The next socket does it, unless the session is over.
      const isLost = error instanceof LostReplyError || error instanceof SignedOutError;
      if (!isLost && !this.#closing.signal.aborted) this.#onError(error);
    }
  }

  /** Over the socket where it is open; by HTTP otherwise, as some networks let no sockets through. */
  async #deliver({ message }: OutboxEntry, signal: AbortSignal): Promise<Message> {
    const { onDegraded, requester, tokens } = this.#options;
    const route = 'POST /v1/messages';
    if (!this.#socket.isOpen) {
      const options = { signal, isRepeatable: true, retryForMs: 0 };
      return requester.send(route, { body: message }, tokens, options);
    }
    const { conversation_id, ...data } = message;
    const answer = await this.#socket.ask({ type: 'chat', conversation_id, data });
    if (answer.type !== 'ack' || answer.message === undefined)
      throw new Error(`expected the stored message in the answer, not ${answer.type}`);
    if (answer.meta !== undefined) onDegraded(answer.meta.degraded, route);
    return answer.message;
  }

  #onError(error: unknown): void {
    if (this.#handlers.onError === undefined) void Promise.reject(error);
    else this.#handlers.onError(error);
  }

  /**
   * The socket that a message was sent over gets no event of it. A message of this page is in its
   * promise; others, of a page before or beside it, are given as an event.
   */
  #note(outcome: Outcome, { isOwn, isSentHere }: OutcomeOrigin): void {
    if ('message' in outcome) {
      if (isOwn) this.#position.rememberMessage(outcome.message.message_id);
      else if (isSentHere) this.#feed.takeOutOfTurn(eventOf(outcome.message));
    }
    this.#handlers.onOutcome?.(outcome);
  }

  /** A browser knows when its network is gone, and when it is back. */
  #heedNetwork(): void {
    const { signal } = this.#closing;
    onNetwork('offline', () => this.#socket.drop(), signal);
    const hurry = () => {
      this.#socket.hurry();
      this.#mailing.hurry();
    };
    onNetwork('online', hurry, signal);
  }
}

type Answer = Extract<ServerFrame, { readonly type: 'ack' | 'resumed' | 'error' }>;

function isAnswer(frame: ServerFrame): frame is Answer {
  return frame.type === 'ack' || frame.type === 'resumed' || frame.type === 'error';
}

/** As other sockets get it; the position of a message in the log is its id. */
function eventOf(message: Message): LoggedEvent {
  const { conversation_id, created_at: at, message_id: cursor, sender_id: from } = message;
  return { type: 'chat', conversation_id, from, at, cursor, data: message };
}
