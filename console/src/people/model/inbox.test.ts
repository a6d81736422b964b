import { expect, it } from 'vitest';
import type { Api } from './api.ts';
import { Inbox } from './inbox.ts';
import { chatEvent, message } from './made-up-messages.ts';

const conversation = (id: string) => ({
  conversation_id: id,
  type: 'direct' as const,
  created_by: 'ada',
  participants: [],
  settings: {},
  created_at: '2025-01-01T00:00:00.000Z',
  updated_at: '2025-01-01T00:00:00.000Z',
});

/** The inbox of Ada, who has two conversations: in the older one Bob has written two messages. */
async function open() {
  const request = async (route: string, request: { path?: { conversation_id: string } }) => {
    if (route === 'GET /v1/conversations/:conversation_id') {
      return conversation(request.path?.conversation_id ?? '');
    }
    if (route === 'GET /v1/messages') {
      const unread = { conversation_id: 'c1', last_message: message('two'), unread_count: 2 };
      return { inbox: [unread], has_more: false, next_page_state: null };
    }
    const conversations = [conversation('c2'), conversation('c1')];
    return { conversations, has_more: false, next_cursor: null };
  };
  const inbox = new Inbox({ request } as unknown as Api, 'ada');
  await inbox.load();
  const rows = () =>
    inbox.rows.value.map(
      (row) =>
        `${row.conversation.conversation_id}: ${row.lastMessage?.content ?? '–'} (${row.unread})`,
    );
  return { inbox, rows };
}

it('shows the conversations with the latest messages first', async () => {
  const { rows } = await open();
  expect(rows()).toEqual(['c1: two (2)', 'c2: – (0)']);
});

it('counts messages of others as unread where they are not shown', async () => {
  const { inbox, rows } = await open();
  await inbox.heed(chatEvent(message('hello', { conversation_id: 'c2' })), false);
  await inbox.heed(chatEvent(message('again', { conversation_id: 'c2' })), true);
  await inbox.heed(chatEvent(message('mine', { conversation_id: 'c2', sender_id: 'ada' })), false);
  expect(rows()).toEqual(['c2: mine (1)', 'c1: two (2)']);
});

it('shows a conversation as soon as somebody writes in it', async () => {
  const { inbox, rows } = await open();
  await inbox.heed(chatEvent(message('hello', { conversation_id: 'c3' })), false);
  expect(rows()[0]).toBe('c3: hello (1)');
});

it('heeds that its user has read on another device', async () => {
  const { inbox, rows } = await open();
  const [{ lastMessage } = {}] = inbox.rows.value;
  const { message_id = '' } = lastMessage ?? {};
  await inbox.heed(
    { ...chatEvent(message('')), from: 'ada', type: 'read', cursor: 'x', data: { message_id } },
    false,
  );
  expect(rows()[0]).toBe('c1: two (0)');
});

it('shows nothing of a deleted last message', async () => {
  const { inbox, rows } = await open();
  const [{ lastMessage } = {}] = inbox.rows.value;
  const deleted = { message_id: lastMessage?.message_id ?? '', deleted_at: '2026-01-02T00:00:00Z' };
  await inbox.heed(
    { ...chatEvent(message('')), type: 'deleted', cursor: 'x', data: deleted },
    false,
  );
  expect(rows()[0]).toBe('c1:  (2)');
});
