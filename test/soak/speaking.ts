import { setTimeout as delay } from 'node:timers/promises';
import type { Person } from './people.ts';

/** A message that was acknowledged. */
export interface Sent {
  readonly messageId: string;
  readonly conversationId: string;
}

export interface Speech {
  readonly chatUrl: string;
  readonly people: readonly Person[];
  readonly seconds: number;
  readonly messagesPerSecond: number;
  readonly say: (line: string) => void;
  /** Told of each message when it is sent. */
  readonly onSend: (content: string) => void;
}

/** People speak in turn, by the clock; returns what was acknowledged. */
export async function speak(speech: Speech): Promise<Sent[]> {
  const { chatUrl, people, seconds, messagesPerSecond, say, onSend } = speech;
  const startedAt = performance.now();
  const sending: Promise<Sent>[] = [];
  for (let number = 0; number < seconds * messagesPerSecond; number += 1) {
    const dueAt = startedAt + (number * 1000) / messagesPerSecond;
    await delay(Math.max(0, dueAt - performance.now()));
    const person = people[number % people.length];
    if (person === undefined) throw new Error('there is nobody to speak');
    const content = `message ${number}`;
    onSend(content);
    sending.push(post(chatUrl, person, content));
    if (number > 0 && number % (10 * messagesPerSecond) === 0) say(`${number} messages sent`);
  }
  return Promise.all(sending);
}

async function post(chatUrl: string, person: Person, content: string): Promise<Sent> {
  const { conversationId, token } = person;
  const response = await fetch(`${chatUrl}/v1/messages`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ conversation_id: conversationId, content }),
  });
  const reply = await response.text();
  if (response.status !== 201) throw new Error(`a message was not taken: ${reply}`);
  return { messageId: JSON.parse(reply).data.message_id, conversationId };
}
