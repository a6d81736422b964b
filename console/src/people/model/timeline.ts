import { computed, type ReadonlySignal, signal } from '@preact/signals';
import {
  type ChatEvent,
  type Message,
  MessageRefusedError,
  type NewMessage,
  type OutboxEntry,
} from '@secureconnect/client';
import type { Api } from './api.ts';
import { byTime } from './message-order.ts';
import { outboxMessage, type ShownMessage, storedMessage } from './shown-message.ts';

/** Messages that are kept of a conversation; with more, the newest page is read again. */
const maxMessages = 2000;
const pageSize = 30;

/** What the timeline needs of an open chat. */
export interface ChatOutbox {
  send(message: NewMessage): Promise<Message>;
  readonly outbox: {
    entries(): Promise<readonly OutboxEntry[]>;
    remove(id: string): Promise<void>;
  };
}

export interface TimelineOptions {
  readonly api: Api;
  readonly chat: ChatOutbox;
  readonly conversationId: string;
  readonly userId: string;
  /** What has failed that nobody waits for. */
  readonly onError: (error: unknown) => void;
}

/** The messages of one conversation: stored ones in the order of time, then those of the outbox. */
export class Timeline {
  readonly conversationId: string;
  readonly #options: TimelineOptions;
  readonly #stored = signal<ReadonlyMap<string, Message>>(new Map());
  readonly #unsent = signal<readonly OutboxEntry[]>([]);
  readonly #readBy = signal<ReadonlyMap<string, string>>(new Map());
  readonly #hasOlder = signal(false);
  #pageState: string | undefined;

  /** As they are shown, the oldest first. */
  readonly messages: ReadonlySignal<readonly ShownMessage[]> = computed(() => {
    const stored = [...this.#stored.value.values()].sort(byTime);
    const sent = new Set(stored.map(({ client_message_id: id }) => id));
    const unsent = this.#unsent.value.filter(({ id }) => !sent.has(id));
    return [...stored.map(storedMessage), ...unsent.map(outboxMessage)];
  });

  constructor(options: TimelineOptions) {
    this.#options = options;
    this.conversationId = options.conversationId;
  }

  /** Whether `loadOlder` finds more. */
  get hasOlder(): ReadonlySignal<boolean> {
    return this.#hasOlder;
  }

  /** The message up to which each user has read, by the user's id. */
  get readBy(): ReadonlySignal<ReadonlyMap<string, string>> {
    return this.#readBy;
  }

  /** Reads the newest messages and the outbox. @throws what the client throws */
  async load(): Promise<void> {
    await this.refreshOutbox();
    const messages = await this.#readPage(undefined);
    // What came live meanwhile stays.
    this.#keep(messages);
    await this.#readReceipts();
  }

  /** Reads the page before the oldest message. @throws what the client throws */
  async loadOlder(): Promise<void> {
    if (this.#pageState === undefined) return;
    this.#keep(await this.#readPage(this.#pageState));
  }

  /**
   * Keeps a message in the outbox, and shows it as waiting until the server has stored it.
   * @throws what the store of the client throws
   */
  async send(message: Omit<NewMessage, 'conversation_id' | 'client_message_id'>): Promise<void> {
    const id = crypto.randomUUID();
    const whole = {
      ...message,
      conversation_id: this.conversationId,
      client_message_id: id,
    };
    this.#unsent.value = [...this.#unsent.value, { id, message: whole }];
    try {
      this.noteSent(await this.#options.chat.send(whole));
    } catch (error) {
      // `onOutcome` tells of it as well, and it stays in the outbox with the reason.
      if (!(error instanceof MessageRefusedError)) throw error;
    } finally {
      await this.refreshOutbox();
    }
  }

  /** The newest stored message of somebody else. */
  newestForeign(): string | undefined {
    const { userId } = this.#options;
    const foreign = [...this.#stored.value.values()].filter((each) => each.sender_id !== userId);
    return foreign.sort(byTime).at(-1)?.message_id;
  }

  /** Gives up a message that was refused, or waits. */
  async giveUp(id: string): Promise<void> {
    await this.#options.chat.outbox.remove(id);
    await this.refreshOutbox();
  }

  /** Shows what is in the outbox now, after an outcome. */
  async refreshOutbox(): Promise<void> {
    const entries = await this.#options.chat.outbox.entries();
    this.#unsent.value = entries.filter(
      ({ message }) => message.conversation_id === this.conversationId,
    );
  }

  /** Shows a message as stored. */
  noteSent(message: Message): void {
    if (message.conversation_id === this.conversationId) this.#keep([message]);
  }

  /** Shows what has happened in the conversation; events of others are ignored. */
  heed(event: ChatEvent): void {
    if (event.conversation_id !== this.conversationId) return;
    if (event.type === 'chat' || event.type === 'edited') this.#keep([event.data]);
    if (event.type === 'deleted') {
      const { message_id: id, deleted_at } = event.data;
      this.#change(id, (message) => ({ ...message, content: '', metadata: {}, deleted_at }));
    }
    if (event.type === 'reaction') {
      const { message_id: id, ...reaction } = event.data;
      this.#change(id, (message) => withReaction(message, reaction));
    }
    if (event.type === 'read') this.#noteRead(event.from, event.data.message_id);
  }

  #noteRead(userId: string, messageId: string): void {
    this.#readBy.value = new Map([...this.#readBy.value, [userId, messageId]]);
  }

  #change(id: string, change: (message: Message) => Message): void {
    const message = this.#stored.value.get(id);
    if (message !== undefined) this.#keep([change(message)]);
  }

  #keep(messages: readonly Message[]): void {
    const kept = new Map(this.#stored.value);
    for (const message of messages) kept.set(message.message_id, newer(kept, message));
    this.#stored.value = kept;
    if (kept.size > maxMessages) this.#forgetOldest();
  }

  /** Pages are read from their ends: so the newest page alone stays, and older ones can be read. */
  #forgetOldest(): void {
    const newest = [...this.#stored.value.values()].sort(byTime).slice(-pageSize);
    this.#stored.value = new Map(newest.map((message) => [message.message_id, message]));
    this.#pageState = undefined;
    this.#hasOlder.value = false;
    this.load().catch(this.#options.onError);
  }

  async #readPage(pageState: string | undefined): Promise<readonly Message[]> {
    const query = {
      conversation_id: this.conversationId,
      limit: pageSize,
      ...(pageState === undefined ? {} : { page_state: pageState }),
    };
    const page = await this.#options.api.request('GET /v1/messages', { query });
    if (!('messages' in page)) throw new Error('expected messages, as a conversation is named');
    this.#pageState = page.next_page_state ?? undefined;
    this.#hasOlder.value = page.has_more;
    return page.messages;
  }

  /** Who has read the user's newest message. */
  async #readReceipts(): Promise<void> {
    const own = [...this.#stored.value.values()]
      .filter(({ sender_id: id }) => id === this.#options.userId)
      .sort(byTime)
      .at(-1);
    if (own === undefined) return;
    const { receipts } = await this.#options.api.request('GET /v1/messages/:message_id/receipts', {
      path: { message_id: own.message_id },
      query: { conversation_id: this.conversationId },
    });
    for (const { read_message_id: id, user_id: user } of receipts) this.#noteRead(user, id);
  }
}

/** The version of a message that was changed last. */
function newer(kept: ReadonlyMap<string, Message>, message: Message): Message {
  const known = kept.get(message.message_id);
  if (known === undefined) return message;
  if (known.deleted_at !== undefined) return known;
  return (message.edited_at ?? '') < (known.edited_at ?? '') ? known : message;
}

interface Reaction {
  readonly emoji: string;
  readonly user_id: string;
  readonly present: boolean;
}

function withReaction(message: Message, { emoji, present, user_id: user }: Reaction): Message {
  const reactions = message.reactions ?? [];
  const users = reactions.find((each) => each.emoji === emoji)?.user_ids ?? [];
  const others = users.filter((id) => id !== user);
  const changed = { emoji, user_ids: present ? [...others, user] : others };
  const rest = reactions.filter((each) => each.emoji !== emoji);
  return { ...message, reactions: changed.user_ids.length === 0 ? rest : [...rest, changed] };
}
