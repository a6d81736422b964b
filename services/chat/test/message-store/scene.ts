import { randomUUID } from 'node:crypto';
import type { Message } from '@secureconnect/contracts';
import type { Position } from '@secureconnect/service';
import { eventPages } from '../../src/stores/event-pages.ts';
import type {
  Change,
  MessageKey,
  MessageStore,
  NewStoredMessage,
  StoredEvent,
} from '../../src/stores/message-store.ts';
import { TimeUuidGenerator } from '../../src/timeuuid.ts';

/** A store under test; closed after its suite. */
export interface OpenStore extends AsyncDisposable {
  readonly store: MessageStore;
  /** What the log of a conversation holds, as text, read past the store. */
  rawLog(conversationId: string): Promise<string>;
}

/** A new conversation of two in a store, with a clock. */
export class Scene {
  readonly conversationId = randomUUID();
  readonly ada = randomUUID();
  readonly bob = randomUUID();
  readonly store: MessageStore;
  readonly ids: TimeUuidGenerator;

  constructor(store: MessageStore, ids = new TimeUuidGenerator()) {
    this.store = store;
    this.ids = ids;
  }

  /** What Ada says, unless somebody else does. */
  newMessage(content: string, more: Partial<NewStoredMessage> = {}): NewStoredMessage {
    const { id, at } = this.ids.next();
    return {
      message_id: id,
      conversation_id: this.conversationId,
      sender_id: this.ada,
      content,
      is_encrypted: false,
      message_type: 'text',
      metadata: {},
      created_at: at,
      ...more,
    };
  }

  async say(content: string, more: Partial<NewStoredMessage> = {}): Promise<Message> {
    return (await this.add(content, more)).message;
  }

  add(content: string, more: Partial<NewStoredMessage> = {}): Promise<Change> {
    return this.store.add(this.newMessage(content, more));
  }

  /** What the log of the conversation tells, from its beginning, read by pages of `limit`. */
  async events(limit = 1000): Promise<StoredEvent[]> {
    const told: StoredEvent[] = [];
    for await (const events of eventPages(this.store, this.conversationId, start.at, limit)) {
      told.push(...events);
    }
    return told;
  }

  /** The whole history, by pages of `limit`. */
  async history(limit: number, after: Position): Promise<Message[]> {
    const all: Message[] = [];
    for (let position = after; ; ) {
      const page = await this.store.page(this.conversationId, position, limit);
      all.push(...page);
      const last = page.at(-1);
      if (last === undefined || page.length < limit) return all;
      position = positionOf(last);
    }
  }
}

/** Before everything in a log. */
export const start: Position = { at: new Date(0), id: '00000000-0000-0000-0000-000000000000' };

export function positionOf(message: Message): Position {
  return { at: new Date(message.created_at), id: message.message_id };
}

export function keyOf(message: Message): MessageKey {
  return { conversationId: message.conversation_id, messageId: message.message_id };
}

/** Does something for each, some at a time. */
export async function inBatches<Item>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<unknown>,
): Promise<void> {
  for (let from = 0; from < items.length; from += atOnce) {
    await Promise.all(items.slice(from, from + atOnce).map(work));
  }
}
