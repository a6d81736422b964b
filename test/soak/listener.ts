import type { Person } from './people.ts';

/** A chat socket that counts what it hears. */
export interface Listener {
  readonly person: Person;
  /** How often each message was heard. */
  readonly heard: ReadonlyMap<string, number>;
  /** The code that it was closed with; undefined while it is open. */
  readonly closedWith: number | undefined;
  close(): void;
}

/** When a message was sent, to tell how long it was on its way; by `performance.now()`. */
export type SentAt = (content: string) => number | undefined;

/** Opens a socket for the person's conversation; rejects where it is refused. */
export async function openListener(
  chatUrl: string,
  person: Person,
  sentAt: SentAt,
  delaysMs: number[],
): Promise<Listener> {
  const url = `${chatUrl.replace('http', 'ws')}/v1/ws/chat?conversation_id=${person.conversationId}`;
  const socket = new WebSocket(url, { headers: { authorization: `Bearer ${person.token}` } });
  const heard = new Map<string, number>();
  let closedWith: number | undefined;
  socket.addEventListener('message', ({ data }) => {
    const frame = JSON.parse(String(data));
    if (frame.type !== 'chat') return;
    const { message_id: messageId, content } = frame.data;
    heard.set(messageId, (heard.get(messageId) ?? 0) + 1);
    const sent = sentAt(content);
    if (sent !== undefined) delaysMs.push(performance.now() - sent);
  });
  socket.addEventListener('close', ({ code }) => {
    closedWith = code;
  });
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve(), { once: true });
    socket.addEventListener('error', () => reject(new Error('a socket was refused')), {
      once: true,
    });
  });
  return {
    person,
    heard,
    get closedWith() {
      return closedWith;
    },
    close: () => socket.close(),
  };
}
