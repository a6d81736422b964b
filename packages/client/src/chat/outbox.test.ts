import { afterEach, expect, it, vi } from 'vitest';
import { MemoryStore } from '../stores/store.ts';
import { Outbox } from './outbox.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

const note = (content: string) => ({ conversation_id: 'c', content });

it('keeps the order of sending though the clock goes back, within a page and over a reload', async () => {
  const store = new MemoryStore();
  const clock = vi.spyOn(Date, 'now').mockReturnValue(2_000_000);
  const page = new Outbox(store, 'ada');
  await page.add('b', note('first'));
  clock.mockReturnValue(1_000_000);
  await Promise.all([page.add('a', note('second')), page.add('d', note('third'))]);
  clock.mockReturnValue(500_000);
  const later = new Outbox(store, 'ada');
  await Promise.all([later.add('c', note('fourth')), later.add('e', note('fifth'))]);
  const contents = (await later.entries()).map(({ message }) => message.content);
  expect(contents).toEqual(['first', 'second', 'third', 'fourth', 'fifth']);
});
