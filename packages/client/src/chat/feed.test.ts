import { expect, it } from 'vitest';
import { MemoryStore } from '../stores/store.ts';
import { Feed, type FeedOptions, type LoggedEvent } from './feed.ts';
import type { ChatEvent } from './frames.ts';
import { Position } from './position.ts';

const chat = (id: string): ChatEvent =>
  ({ type: 'chat', cursor: `cursor-${id}`, data: { message_id: id } }) as ChatEvent;
const reaction = (id: string): ChatEvent => ({ type: 'reaction', cursor: id }) as ChatEvent;
const typing = { type: 'typing' } as ChatEvent;

async function opened(store = new MemoryStore(), more: Partial<FeedOptions> = {}) {
  const position = new Position(store, 'ada');
  await position.load();
  const given: ChatEvent[] = [];
  const errors: unknown[] = [];
  let overflows = 0;
  const feed = new Feed({
    position,
    onEvent: (event) => void given.push(event),
    onError: (error) => void errors.push(error),
    onOverflow: () => {
      overflows += 1;
    },
    ...more,
  });
  return { feed, position, given, errors, store, overflows: () => overflows };
}

it('gives each event once, and those without a place in the log each time', async () => {
  const { feed, given, position } = await opened();
  for (const event of [chat('a'), reaction('b'), chat('a'), typing, reaction('b'), typing]) {
    feed.take(event);
  }
  await feed.idle;
  expect(given).toEqual([chat('a'), reaction('b'), typing, typing]);
  expect(position.cursor).toBe('b');
});

it('gives the next event when the last one is handled', async () => {
  const order: string[] = [];
  const { feed } = await opened(new MemoryStore(), {
    onEvent: async (event) => {
      order.push(`begin ${event.type}`);
      await new Promise((resolve) => setImmediate(resolve));
      order.push(`end ${event.type}`);
    },
  });
  feed.take(chat('a'));
  feed.take(typing);
  await feed.idle;
  expect(order).toEqual(['begin chat', 'end chat', 'begin typing', 'end typing']);
});

it('knows after a reload what it has given', async () => {
  const { feed, store } = await opened();
  feed.take(chat('a'));
  await feed.idle;
  const later = await opened(store);
  expect(later.position.cursor).toBe('cursor-a');
  later.feed.take(chat('a'));
  await later.feed.idle;
  expect(later.given).toEqual([]);
});

/** A position in the log, later with each number. */
const at = (n: number) => `0000000${n}-0000-1000-8000-000000000000`;
const logged = (n: number) => reaction(at(n)) as LoggedEvent;

it('gives what was missed in the order of the log, when all of it is there', async () => {
  const { feed, given, position, store } = await opened();
  feed.take(reaction(at(1)));
  feed.beginResuming();
  for (const event of [reaction(at(9)), typing, reaction(at(2))]) feed.take(event);
  await feed.idle;
  expect(given).toEqual([reaction(at(1)), typing]);
  expect(position.cursor).toBe(at(1));
  // The socket is lost: the next one reads the same once more.
  feed.beginResuming();
  for (const n of [1, 2, 9, 3]) feed.take(reaction(at(n)));
  feed.endResuming();
  await feed.idle;
  expect(given.slice(2)).toEqual([reaction(at(2)), reaction(at(3)), reaction(at(9))]);
  expect((await opened(store)).position.cursor).toBe(at(9));
});

it('gives what is known from elsewhere once, and moves the position when all before has come', async () => {
  const { feed, given, position } = await opened();
  feed.takeOutOfTurn(logged(2));
  await feed.idle;
  expect([given, position.cursor]).toEqual([[logged(2)], undefined]);
  feed.beginResuming();
  feed.takeOutOfTurn(logged(3));
  for (const n of [1, 2]) feed.take(logged(n));
  feed.endResuming();
  await feed.idle;
  expect(given).toEqual([logged(2), logged(1), logged(3)]);
  expect(position.cursor).toBe(at(3));
});

it('goes on behind a handler that throws, and says so', async () => {
  const broken = new Error('broken');
  const given: string[] = [];
  const { feed, errors } = await opened(new MemoryStore(), {
    onEvent: ({ type }) => {
      given.push(type);
      if (type === 'chat') throw broken;
    },
  });
  feed.take(chat('a'));
  feed.take(reaction('b'));
  await feed.idle;
  expect([given, errors]).toEqual([['chat', 'reaction'], [broken]]);
});

it('takes no more than it has room for, and reads the rest again later', async () => {
  const { feed, given, overflows } = await opened();
  for (let n = 0; n < 10_050; n += 1) feed.take(reaction(String(n)));
  expect(overflows()).toBe(1);
  await feed.idle;
  const first = given.length;
  expect(first).toBeLessThan(10_050);
  feed.beginResuming();
  for (let n = first - 10; n < 10_050; n += 1) feed.take(reaction(String(n)));
  feed.endResuming();
  await feed.idle;
  expect(given.map((event) => 'cursor' in event && event.cursor)).toEqual(
    Array.from({ length: 10_050 }, (_, n) => String(n)),
  );
});

it('remembers a message that was sent here', async () => {
  const { feed, given, position } = await opened();
  position.rememberMessage('a');
  feed.take(chat('a'));
  await feed.idle;
  expect(given).toEqual([]);
});
