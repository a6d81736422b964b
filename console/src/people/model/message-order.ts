import type { Message } from '@secureconnect/client';

/** Compares the places of two messages in a conversation: the older one first. */
export function byTime(one: Message, other: Message): number {
  return (
    compare(Date.parse(one.created_at), Date.parse(other.created_at)) ||
    compare(one.message_id, other.message_id)
  );
}

function compare<Value extends number | string>(one: Value, other: Value): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
