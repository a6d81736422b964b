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

it('removes and refuses an entry by its whole id, which may have slashes', async () => {
  const outbox = new Outbox(new MemoryStore(), 'ada');
  for (const id of ['1', 'a/1', 'b/a/1']) await outbox.add(id, note(id));
  const [own, other] = await outbox.entries();
  await outbox.remove('1');
  if (other !== undefined) await outbox.refuse(other, { code: 'FORBIDDEN', message: 'No.' });
  expect([own?.id, other?.id]).toEqual(['1', 'a/1']);
  const left = await outbox.entries();
  expect(left.map(({ id, refusal }) => [id, refusal?.code])).toEqual([
    ['a/1', 'FORBIDDEN'],
    ['b/a/1', undefined],
  ]);
});
