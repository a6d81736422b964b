import { expect, it } from 'vitest';
import { Requester } from '../http/request.ts';
import type { ClientParts } from '../parts.ts';
import { MemoryStore } from '../stores/store.ts';
import { platformLocks } from '../support/locks.ts';
import { Chat } from './chat.ts';
import type { ChatEvent } from './frames.ts';
import { timeUuidAt } from './time-uuid.ts';

/** Never opens, as in a network that lets no sockets through, or before it has opened. */
class SlowWebSocket {
  readonly CONNECTING = 0;
  readonly readyState = 0;
}

const yesterday = timeUuidAt(Date.UTC(2026, 0, 30));
const today = timeUuidAt(Date.UTC(2026, 0, 31));

/** A server that stores each message. */
const requester = new Requester({
  baseUrl: 'http://gateway',
  onDegraded: () => undefined,
  fetch: async (_url, init) => {
    const data = { ...JSON.parse(String(init?.body)), message_id: today, sender_id: 'ada' };
    const meta = { timestamp: '2026-01-31T12:00:00.000Z', request_id: 'r1' };
    return Response.json({ success: true, data, meta });
  },
});

it('still reads what it has missed after a message of an earlier page was sent by HTTP', async () => {
  const store = new MemoryStore();
  await store.set('position/ada', JSON.stringify({ cursor: yesterday, known: [] }));
  const message = { conversation_id: 'c', content: 'kept', client_message_id: 'm1' };
  await store.set('outbox/ada/000000000000001/m1', JSON.stringify({ id: 'm1', message }));
  const parts: ClientParts = {
    ...{ userId: 'ada', requester, store, locks: platformLocks(), quietMs: 60_000 },
    tokens: { current: async () => 'token', replace: async () => undefined },
    WebSocket: SlowWebSocket as unknown as typeof WebSocket,
    onDegraded: () => undefined,
    closing: new AbortController().signal,
  };
  const events: ChatEvent[] = [];
  const chat = await Chat.open(parts, { onEvent: (event) => void events.push(event) });
  await expect.poll(() => events).toMatchObject([{ type: 'chat', data: { content: 'kept' } }]);
  await chat.close();
  // The next socket resumes after this.
  expect(JSON.parse((await store.get('position/ada')) ?? '')).toEqual({
    cursor: yesterday,
    known: [`chat ${today}`],
  });
});
