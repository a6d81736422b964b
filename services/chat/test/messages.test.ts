import { randomUUID } from 'node:crypto';
import { InboxPage, Message, MessagePage } from '@secureconnect/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { newWorld, type TestChat, type TestUser, type World } from './harness.ts';

let world: World;
let chat: TestChat;
let ada: TestUser;
let bob: TestUser;
let conversation: string;
beforeAll(async () => {
  world = await newWorld();
  chat = await world.start();
});
afterAll(() => world[Symbol.asyncDispose]());
beforeEach(async () => {
  [ada, bob] = [await world.newUser(), await world.newUser()];
  conversation = await chat.direct(ada, bob);
});

const say = (user: TestUser, content: string, more: object = {}) =>
  chat.call(user, 'POST', '/v1/messages', {
    body: { conversation_id: conversation, content, ...more },
  });
const history = async (user: TestUser, query = ''): Promise<MessagePage> =>
  MessagePage.parse(
    await chat.data(user, 'GET', `/v1/messages?conversation_id=${conversation}${query}`),
  );
const inbox = async (user: TestUser, query = ''): Promise<InboxPage> =>
  InboxPage.parse(await chat.data(user, 'GET', `/v1/messages${query}`));

describe('sending a message', () => {
  test('stores it as it was sent', async () => {
    const said = {
      content: ' Grüße 💬\n',
      is_encrypted: true,
      message_type: 'file',
      metadata: { size: 7, nested: { list: [null, 'x', 1.5] } },
      client_message_id: 'c-1',
    };
    const reply = await say(ada, said.content, said);
    expect(reply.status).toBe(201);
    const message = Message.parse(reply.body.data);
    expect(message).toMatchObject({
      ...said,
      conversation_id: conversation,
      sender_id: ada.userId,
    });
    expect(message.message_id[14]).toBe('1');
    expect((await history(bob)).messages).toEqual([message]);
  });

  test('with the same client_message_id gives the same message, under concurrency', async () => {
    const more = { client_message_id: 'again' };
    const replies = await Promise.all([1, 2, 3, 4].map((n) => say(ada, `attempt ${n}`, more)));
    expect(replies.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
    const [first] = replies;
    for (const { body } of replies) expect(body.data).toEqual(first?.body.data);
    expect((await history(bob)).messages).toEqual([first?.body.data]);
    // The id is the sender's own, and only in this conversation.
    await say(bob, 'mine', more);
    expect((await history(bob)).messages).toHaveLength(2);
    conversation = await chat.group(ada, bob);
    await say(ada, 'elsewhere', more);
    expect((await history(bob)).messages).toMatchObject([{ content: 'elsewhere' }]);
  });

  test('is for participants alone', async () => {
    const eve = await world.newUser();
    expect(await say(eve, 'hi')).toMatchObject({
      status: 404,
      body: { error: { code: 'NOT_FOUND' } },
    });
    const body = { conversation_id: randomUUID(), content: 'hi' };
    expect(await chat.call(ada, 'POST', '/v1/messages', { body })).toMatchObject({ status: 404 });
    const path = `/v1/messages?conversation_id=${conversation}`;
    expect(await chat.call(eve, 'GET', path)).toMatchObject({ status: 404 });
    expect((await history(ada)).messages).toEqual([]);
  });

  test('names the wrong field', async () => {
    const cases: [object, string][] = [
      [{ content: '' }, 'body.content'],
      [{ content: 'x'.repeat(10_001) }, 'body.content'],
      [{ content: 7 }, 'body.content'],
      [{ message_type: 'song' }, 'body.message_type'],
      [{ metadata: [] }, 'body.metadata'],
      [{ metadata: { text: 'x'.repeat(9000) } }, 'body.metadata'],
      [{ client_message_id: '' }, 'body.client_message_id'],
      [{ conversation_id: 'x' }, 'body.conversation_id'],
    ];
    for (const [wrong, field] of cases) {
      const reply = await say(ada, 'hi', wrong);
      expect([reply.status, reply.body.error?.details?.[0]?.field]).toEqual([400, field]);
    }
    const large = await say(ada, 'x'.repeat(300_000));
    expect(large).toMatchObject({ status: 413, body: { error: { code: 'PAYLOAD_TOO_LARGE' } } });
  });
});

describe('the history', () => {
  test('of 500 messages comes without gap or repeat, while more are sent', async () => {
    const said: string[] = [];
    for (let batch = 0; batch < 50; batch += 1) {
      const contents = Array.from({ length: 10 }, (_, index) => `${batch * 10 + index}`);
      const replies = await Promise.all(
        contents.map((content, index) => say(index % 2 === 0 ? ada : bob, content)),
      );
      said.push(...replies.map(({ body }) => body.data.message_id));
    }
    const read: Message[] = [];
    let state = '';
    for (;;) {
      const page = await history(bob, `&limit=70&page_state=${state}`);
      read.push(...page.messages);
      expect(page.next_page_state === null).toBe(!page.has_more);
      if (page.next_page_state === null) break;
      state = page.next_page_state;
      await say(ada, 'said meanwhile');
    }
    const ids = read.map(({ message_id: id }) => id);
    expect(ids.toSorted()).toEqual(said.toSorted());
    const times = read.map(({ created_at: at }) => at);
    expect(times).toEqual(times.toSorted().reverse());
  });

  test('has pages of 20 by default and a maximum of 100', async () => {
    for (let count = 0; count < 21; count += 1) await say(ada, `${count}`);
    const { messages, has_more } = await history(ada);
    expect([messages.length, has_more]).toEqual([20, true]);
    expect(messages[0]).toMatchObject({ content: '20' });
    for (const limit of ['0', '101', 'x']) {
      const path = `/v1/messages?conversation_id=${conversation}&limit=${limit}`;
      const reply = await chat.call(ada, 'GET', path);
      expect([reply.status, reply.body.error?.details?.[0]?.field]).toEqual([400, 'query.limit']);
    }
  });

  test('refuses a page_state that it did not give', async () => {
    await say(ada, 'one');
    await say(ada, 'two');
    const { next_page_state: given } = await history(ada, '&limit=1');
    const forged = Buffer.from("0' OR 1=1 --").toString('base64url');
    for (const state of ['!', 'x'.repeat(513), forged, `${given}AAAA`, given?.slice(1)]) {
      const query = `conversation_id=${conversation}&page_state=${encodeURIComponent(state ?? '')}`;
      const reply = await chat.call(ada, 'GET', `/v1/messages?${query}`);
      expect([reply.status, reply.body.error?.details?.[0]?.field]).toEqual([
        400,
        'query.page_state',
      ]);
    }
  });
});

describe('the inbox', () => {
  test('shows the newest message and the number of unread ones', async () => {
    const first = conversation;
    await say(ada, 'hello');
    await say(ada, 'are you there?');
    conversation = await chat.group(bob, ada);
    expect(await inbox(bob)).toEqual({
      inbox: [
        { conversation_id: conversation, unread_count: 0 },
        {
          conversation_id: first,
          unread_count: 2,
          last_message: expect.objectContaining({ content: 'are you there?' }),
        },
      ],
      next_page_state: null,
      has_more: false,
    });
    // One has read what one says.
    expect((await inbox(ada)).inbox.map((entry) => entry.unread_count)).toEqual([0, 0]);
  });

  test('lists the conversation with the newest message first, page by page', async () => {
    const ids = [conversation];
    for (let count = 0; count < 4; count += 1) ids.push(await chat.group(ada, bob));
    for (const id of [...ids, ids[1] ?? '']) {
      conversation = id;
      await say(ada, 'hi');
    }
    const expected = [ids[1], ids[4], ids[3], ids[2], ids[0]];
    const seen: string[] = [];
    let state = '';
    for (const size of [2, 2, 1]) {
      const page = await inbox(bob, `?limit=2&page_state=${state}`);
      expect(page.inbox).toHaveLength(size);
      seen.push(...page.inbox.map((entry) => entry.conversation_id));
      state = page.next_page_state ?? '';
    }
    expect(seen).toEqual(expected);
    expect(state).toBe('');
  });

  test('counts messages sent before joining as read', async () => {
    const eve = await world.newUser();
    conversation = await chat.group(ada, bob);
    await say(ada, 'before');
    const path = `/v1/conversations/${conversation}/participants`;
    await chat.data(ada, 'POST', path, { user_ids: [eve.userId] });
    expect((await inbox(eve)).inbox[0]).toMatchObject({ unread_count: 0 });
    await say(ada, 'after');
    expect((await inbox(eve)).inbox[0]).toMatchObject({ unread_count: 1 });
  });
});
