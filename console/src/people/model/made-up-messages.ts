import type { ChatEvent, Message } from '@secureconnect/client';

let seconds = 0;

/** A message a second after the one before. */
export function message(content: string, more: Partial<Message> = {}): Message {
  seconds += 1;
  return {
    message_id: `m${String(seconds).padStart(4, '0')}`,
    conversation_id: 'c1',
    sender_id: 'bob',
    content,
    is_encrypted: false,
    message_type: 'text',
    metadata: {},
    created_at: new Date(Date.UTC(2026, 0, 1) + seconds * 1000).toISOString(),
    ...more,
  };
}

/** The event of a message. */
export function chatEvent(data: Message): Extract<ChatEvent, { readonly type: 'chat' }> {
  const { conversation_id, created_at: at, message_id: cursor, sender_id: from } = data;
  return { type: 'chat', conversation_id, from, at, cursor, data };
}
