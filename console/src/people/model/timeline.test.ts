import { type Message, MessageRefusedError, type OutboxEntry } from '@secureconnect/client';
import { expect, it } from 'vitest';
import type { Api } from './api.ts';
import { chatEvent, message } from './made-up-messages.ts';
import { Timeline } from './timeline.ts';

/** A conversation with a history, and an outbox whose messages are stored or refused on demand. */
function world(history: readonly Message[] = []) {
  const entries: OutboxEntry[] = [];
  const settle = new Map<string, (outcome: Message | Error) => void>();
  const request = async (route: string, { query }: { query: { page_state?: string } }) => {
    if (route.endsWith('receipts')) return { receipts: [] };
    const end = query.page_state === undefined ? history.length : Number(query.page_state);
    const begin = Math.max(0, end - 2);
    const messages = history.slice(begin, end).toReversed();
    const hasMore = begin > 0;
    return { messages, has_more: hasMore, next_page_state: hasMore ? String(begin) : null };
  };
  const timeline = new Timeline({
    api: { request } as unknown as Api,
    conversationId: 'c1',
    userId: 'ada',
    onError: (error) => expect.unreachable(String(error)),
    chat: {
      send: (sent) =>
        new Promise((resolve, reject) => {
          const { client_message_id: id = '' } = sent;
          entries.push({ id, message: { ...sent, client_message_id: id } });
          settle.set(sent.content, (outcome) => {
            if (outcome instanceof Error) {
              const index = entries.findIndex((each) => each.id === id);
              const refusal = { code: 'NO', message: outcome.message };
              entries[index] = { id, message: { ...sent, client_message_id: id }, refusal };
              reject(new MessageRefusedError(id, refusal));
            } else {
              entries.splice(0, entries.length, ...entries.filter((each) => each.id !== id));
              resolve({ ...outcome, client_message_id: id });
            }
          });
        }),
      outbox: {
        entries: async () => [...entries],
        remove: async (id) => {
          entries.splice(0, entries.length, ...entries.filter((each) => each.id !== id));
        },
      },
    },
  });
  const shown = () =>
    timeline.messages.value.map((each) =>
      each.state === 'stored'
        ? each.message.content
        : `${each.entry.message.content} (${each.state})`,
    );
  return { timeline, shown, settle, entries };
}

it('shows the newest page first, and each older page before it', async () => {
  const { timeline, shown } = world(['one', 'two', 'three'].map((each) => message(each)));
  await timeline.load();
  expect([shown(), timeline.hasOlder.value]).toEqual([['two', 'three'], true]);
  await timeline.loadOlder();
  expect([shown(), timeline.hasOlder.value]).toEqual([['one', 'two', 'three'], false]);
});

it('shows a message once that comes as an event and in a page', async () => {
  const [first, last] = [message('one'), message('two')];
  const { timeline, shown } = world([first, last]);
  timeline.heed(chatEvent(last));
  await timeline.load();
  expect(shown()).toEqual(['one', 'two']);
});

it('shows what is sent as waiting, then at its place in time, under the same key', async () => {
  const { timeline, shown, settle } = world();
  const early = message('before it');
  const sending = timeline.send({ content: 'mine' });
  expect(shown()).toEqual(['mine (waiting)']);
  const [waiting] = timeline.messages.value;
  timeline.heed(chatEvent(early));
  settle.get('mine')?.(message('mine', { sender_id: 'ada' }));
  await sending;
  timeline.heed(chatEvent(message('after it')));
  expect(shown()).toEqual(['before it', 'mine', 'after it']);
  expect(timeline.messages.value[1]?.key).toBe(waiting?.key);
});

it('keeps a refused message with the reason, until it is given up', async () => {
  const { timeline, shown, settle } = world();
  const sending = timeline.send({ content: 'mine' });
  settle.get('mine')?.(new Error('You are blocked.'));
  await sending;
  expect(shown()).toEqual(['mine (refused)']);
  const [refused] = timeline.messages.value;
  expect(refused).toMatchObject({ reason: 'You are blocked.' });
  await timeline.giveUp(refused?.key ?? '');
  expect(shown()).toEqual([]);
});

it('shows the last edit whichever comes first, and nothing of a deleted message', () => {
  const { timeline, shown } = world();
  const original = message('frist');
  const edited = (content: string, edited_at: string) => {
    const data = { ...original, content, edited_at };
    timeline.heed({ ...chatEvent(data), type: 'edited', cursor: edited_at, data });
  };
  timeline.heed(chatEvent(original));
  edited('first', '2026-01-02T00:00:02.000Z');
  edited('fisrt', '2026-01-02T00:00:01.000Z');
  expect(shown()).toEqual(['first']);
  const { message_id } = original;
  const deleted_at = '2026-01-02T00:00:03.000Z';
  timeline.heed({
    ...chatEvent(original),
    type: 'deleted',
    cursor: 'x',
    data: { message_id, deleted_at },
  });
  edited('back again', '2026-01-02T00:00:04.000Z');
  expect(shown()).toEqual(['']);
});

it('keeps who has read up to what, and who has reacted', () => {
  const { timeline } = world();
  const original = message('hello');
  const { message_id } = original;
  const event = chatEvent(original);
  timeline.heed(event);
  const react = (user_id: string, present: boolean) =>
    timeline.heed({
      ...chatEvent(original),
      type: 'reaction',
      cursor: 'x',
      data: { message_id, user_id, emoji: '👍', present },
    });
  react('ada', true);
  react('bob', true);
  react('ada', false);
  timeline.heed({ ...event, type: 'read', cursor: 'y', data: { message_id } });
  expect(timeline.messages.value[0]).toMatchObject({
    message: { reactions: [{ emoji: '👍', user_ids: ['bob'] }] },
  });
  expect([...timeline.readBy.value]).toEqual([['bob', message_id]]);
});

it('ignores what happens in other conversations', () => {
  const { timeline, shown } = world();
  timeline.heed(chatEvent(message('elsewhere', { conversation_id: 'c2' })));
  expect(shown()).toEqual([]);
});
