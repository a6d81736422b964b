import { type ReadonlySignal, signal } from '@preact/signals';
import {
  type Chat,
  type ChatEvent,
  type Client,
  type Outcome,
  type Schemas,
  SignedOutError,
  type SocketState,
} from '@secureconnect/client';
import { Inbox } from './inbox.ts';
import { Names } from './names.ts';
import { messageOfFile } from './shared-file.ts';
import { Timeline } from './timeline.ts';
import { Typing } from './typing.ts';
import { Uploads } from './uploads.ts';

export interface PersonOptions {
  readonly client: Client;
  /** Whether the user looks at this page now, so that what it shows is read. */
  readonly isAttentive: () => boolean;
  /** What has failed that nobody waits for. */
  readonly onError: (error: unknown) => void;
}

/** What one signed-in person sees: conversations, one of them open, and files on their way. */
export class Person {
  readonly me: Schemas['OwnUser'];
  readonly client: Client;
  readonly names: Names;
  readonly inbox: Inbox;
  readonly typing = new Typing();
  readonly uploads: Uploads;
  readonly #options: PersonOptions;
  readonly #socket = signal<SocketState>('connecting');
  readonly #timeline = signal<Timeline | undefined>(undefined);
  #chat: Chat | undefined;
  /** The newest message that the server knows as read, by its conversation. */
  readonly #read = new Map<string, string>();

  private constructor(options: PersonOptions, me: Schemas['OwnUser']) {
    this.#options = options;
    this.client = options.client;
    this.me = me;
    this.names = new Names(options.client);
    this.names.note(me.user_id, me.display_name);
    this.inbox = new Inbox(options.client, me.user_id);
    this.uploads = new Uploads({
      files: options.client.files,
      announce: (conversationId, file) => {
        const message = { ...messageOfFile(file), conversation_id: conversationId };
        this.#openChat.send(message).catch(options.onError);
        this.#timeline.value?.refreshOutbox().catch(options.onError);
      },
    });
  }

  /** Opens the conversations of the signed-in user. @throws what the client throws */
  static async open(options: PersonOptions): Promise<Person> {
    const me = await options.client.request('GET /v1/users/me');
    const person = new Person(options, me);
    person.#chat = await options.client.openChat({
      onEvent: (event) => person.#heed(event),
      onGap: () => person.#readAgain(),
      onState: (state, end) => {
        person.#socket.value = state;
        if (end === 'signed out') person.#verifySession().catch(options.onError);
      },
      onOutcome: (outcome) => person.#noteOutcome(outcome),
      onError: options.onError,
    });
    await person.inbox.load();
    return person;
  }

  /** The connection for what happens now. */
  get socket(): ReadonlySignal<SocketState> {
    return this.#socket;
  }

  /** The conversation that is open. */
  get timeline(): ReadonlySignal<Timeline | undefined> {
    return this.#timeline;
  }

  /** Opens a conversation. @throws what the client throws */
  async show(conversationId: string): Promise<void> {
    if (this.#timeline.value?.conversationId === conversationId) return;
    const { client: api, onError } = this.#options;
    const timeline = new Timeline({
      ...{ api, onError, conversationId },
      chat: this.#openChat,
      userId: this.me.user_id,
    });
    this.typing.clear();
    this.#timeline.value = timeline;
    await timeline.load();
    await this.markRead();
  }

  /** Closes the open conversation. */
  hide(): void {
    this.typing.clear();
    this.#timeline.value = undefined;
  }

  /** Tells the others in the open conversation that this user types. */
  showTyping(isTyping: boolean): void {
    const timeline = this.#timeline.value;
    if (timeline !== undefined) this.#openChat.showTyping(timeline.conversationId, isTyping);
  }

  /** Marks what the open conversation shows as read, if the user looks at it. @throws what the client throws */
  async markRead(): Promise<void> {
    const timeline = this.#timeline.value;
    const newest = timeline?.newestForeign();
    if (timeline === undefined || newest === undefined || !this.#options.isAttentive()) return;
    const { conversationId } = timeline;
    if (this.#read.get(conversationId) === newest) return;
    this.#read.set(conversationId, newest);
    const request = { path: { message_id: newest }, query: { conversation_id: conversationId } };
    try {
      const route = 'POST /v1/messages/:message_id/read';
      const options = { isRepeatable: true };
      const { unread_count: unread } = await this.client.request(route, request, options);
      this.inbox.noteRead(conversationId, unread);
    } catch (error) {
      this.#read.delete(conversationId);
      throw error;
    }
  }

  /** Closes what is open; messages that wait stay in the outbox. */
  async close(): Promise<void> {
    this.typing.clear();
    await this.#chat?.close();
  }

  get #openChat(): Chat {
    if (this.#chat === undefined) throw new Error('expected an open chat, as open() gives it');
    return this.#chat;
  }

  async #heed(event: ChatEvent): Promise<void> {
    const timeline = this.#timeline.value;
    const isOpen = timeline?.conversationId === event.conversation_id;
    await this.inbox.heed(event, isOpen && this.#options.isAttentive());
    timeline?.heed(event);
    if (isOpen) this.#heedTyping(event);
    if (isOpen && event.type === 'chat') this.markRead().catch(this.#options.onError);
  }

  #heedTyping(event: ChatEvent): void {
    if (event.type === 'typing' && event.from !== this.me.user_id) {
      this.typing.note(event.from, event.data.is_typing);
    }
    if (event.type === 'chat') this.typing.note(event.from, false);
  }

  #noteOutcome(outcome: Outcome): void {
    if ('message' in outcome) {
      this.#timeline.value?.noteSent(outcome.message);
      this.inbox.noteSent(outcome.message);
    }
    this.#timeline.value?.refreshOutbox().catch(this.#options.onError);
  }

  /** The client finds out that the session is over, forgets it, and tells the page. */
  async #verifySession(): Promise<void> {
    try {
      await this.client.request('GET /v1/users/me');
    } catch (error) {
      if (!(error instanceof SignedOutError)) throw error;
    }
  }

  /** More was missed than events tell: what is shown is read again. */
  #readAgain(): void {
    this.inbox.load().catch(this.#options.onError);
    this.#timeline.value?.load().catch(this.#options.onError);
  }
}
