import { randomUUID } from 'node:crypto';
import { ApiError } from '@secureconnect/service';
import type {
  MessageStore,
  NewStoredMessage,
} from '../../services/chat/src/stores/message-store.ts';
import { TimeUuidGenerator } from '../../services/chat/src/timeuuid.ts';
import type { MeasuredStore } from './stores.ts';

export interface Filled {
  readonly conversationId: string;
  readonly ids: readonly string[];
  readonly seconds: number;
}

const msPerDay = 86_400_000;
const atOnce = 32;
/** A server that shares a busy machine may be late now and then. */
const mostAttempts = 5;

/** Stores a conversation of two people, with as many messages on each of some days until today. */
export async function fill(
  { store, admit }: Pick<MeasuredStore, 'store' | 'admit'>,
  messages: number,
  days: number,
): Promise<Filled> {
  let now = Date.now() - days * msPerDay;
  const generator = new TimeUuidGenerator(() => now);
  const conversationId = randomUUID();
  const people = [randomUUID(), randomUUID()];
  await admit(conversationId, people);
  const ids: string[] = [];
  const startedAt = performance.now();
  const speak = async (): Promise<void> => {
    while (ids.length < messages) {
      now += (days * msPerDay) / messages;
      const { id, at } = generator.next();
      ids.push(id);
      await untilStored(store, {
        message_id: id,
        conversation_id: conversationId,
        sender_id: people[ids.length % 2] ?? '',
        content: `Message number ${ids.length}, about as long as most of them are.`,
        is_encrypted: false,
        message_type: 'text',
        metadata: {},
        created_at: at,
      });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, speak));
  return { conversationId, ids, seconds: (performance.now() - startedAt) / 1000 };
}

/** The same message stored twice is stored once: nothing is counted that was not. */
async function untilStored(store: MessageStore, message: NewStoredMessage): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await store.add(message);
      return;
    } catch (error) {
      const isLate = error instanceof ApiError && error.code === 'SERVICE_UNAVAILABLE';
      if (!isLate || attempt === mostAttempts) throw error;
    }
  }
}
