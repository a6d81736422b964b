import { type Message, MessagePage } from '@secureconnect/contracts';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
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

const say = (content: string, more: object = {}): Promise<Message> =>
  chat.data(ada, 'POST', '/v1/messages', { conversation_id: conversation, content, ...more });
const search = async (user: TestUser, words: string, more = ''): Promise<MessagePage> =>
  MessagePage.parse(
    await chat.data(user, 'GET', `/v1/messages/search?q=${encodeURIComponent(words)}${more}`),
  );

test('finds messages with every word, in any case and order, newest first', async () => {
  const first = await say('The quick brown fox');
  await say('the lazy dog');
  const last = await say('A fox: QUICK!');
  expect((await search(bob, 'Quick FOX')).messages).toEqual([last, first]);
  expect((await search(bob, 'quick dog')).messages).toEqual([]);
  expect((await search(bob, 'qui')).messages).toEqual([]);
});

test('finds the current content, and nothing that is deleted or encrypted', async () => {
  const edited = await say('apple');
  const deleted = await say('cherry');
  await say('secret cherry', { is_encrypted: true });
  const pathOf = ({ message_id: id }: Message) =>
    `/v1/messages/${id}?conversation_id=${conversation}`;
  await chat.data(ada, 'PATCH', pathOf(edited), { content: 'banana' });
  await chat.data(ada, 'DELETE', pathOf(deleted));
  expect((await search(bob, 'apple')).messages).toEqual([]);
  expect((await search(bob, 'banana')).messages).toMatchObject([{ content: 'banana' }]);
  expect((await search(bob, 'cherry')).messages).toEqual([]);
});

test('looks into one conversation or into all of one’s own, and into none of others', async () => {
  const here = await say('plan one');
  conversation = await chat.group(ada, bob);
  const there = await say('plan two');
  const eve = await world.newUser();
  conversation = await chat.group(ada, eve);
  await say('plan three');
  expect((await search(bob, 'plan')).messages).toEqual([there, here]);
  const only = `&conversation_id=${here.conversation_id}`;
  expect((await search(bob, 'plan', only)).messages).toEqual([here]);
  const path = `/v1/messages/search?q=plan&conversation_id=${here.conversation_id}`;
  expect(await chat.call(eve, 'GET', path)).toMatchObject({ status: 404 });
});

test('goes page by page', async () => {
  const said: string[] = [];
  for (let count = 0; count < 5; count += 1) said.push((await say(`page ${count}`)).message_id);
  const found: string[] = [];
  let state = '';
  for (const size of [2, 2, 1]) {
    const page = await search(bob, 'page', `&limit=2&page_state=${state}`);
    expect([page.messages.length, page.has_more]).toEqual([size, size === 2]);
    found.push(...page.messages.map(({ message_id: id }) => id));
    state = page.next_page_state ?? '';
  }
  expect(found).toEqual(said.toReversed());
});

test('names the wrong parameter', async () => {
  const cases: [string, string][] = [
    ['', 'query.q'],
    ['q=', 'query.q'],
    ['q=%21%3F', 'query.q'],
    [`q=${'x'.repeat(201)}`, 'query.q'],
    ['q=x&conversation_id=x', 'query.conversation_id'],
    ['q=x&limit=0', 'query.limit'],
    ['q=x&page_state=x', 'query.page_state'],
  ];
  for (const [query, field] of cases) {
    const reply = await chat.call(bob, 'GET', `/v1/messages/search?${query}`);
    expect([reply.status, reply.body.error?.details?.[0]?.field]).toEqual([400, field]);
  }
});
