import { MemoryStore } from '@secureconnect/client';
import { expect, it } from 'vitest';
import { inMemory, under } from './store-views.ts';

it('keeps some keys in memory, and the others where they are', async () => {
  const kept = new MemoryStore();
  await kept.set('position/ada', 'kept');
  const view = inMemory(kept, 'position/', 'outbox/');
  expect(await view.get('position/ada')).toBeUndefined();
  await view.set('position/ada', 'now');
  await view.set('session', 'token');
  expect(await view.get('position/ada')).toBe('now');
  expect(await view.keys('position/')).toEqual(['position/ada']);
  expect(await kept.get('position/ada')).toBe('kept');
  expect(await kept.get('session')).toBe('token');
  await view.delete('position/ada');
  expect(await view.get('position/ada')).toBeUndefined();
  expect(await kept.get('position/ada')).toBe('kept');
});

it('keeps some keys apart from those of others', async () => {
  const kept = new MemoryStore();
  const view = under(kept, 'position/', 'tail/one/');
  await view.set('position/ada', 'here');
  await view.set('session', 'token');
  expect(await view.get('position/ada')).toBe('here');
  expect(await view.keys('position/')).toEqual(['position/ada']);
  expect(await kept.get('position/ada')).toBeUndefined();
  expect(await kept.keys('')).toEqual(['session', 'tail/one/position/ada']);
  await view.delete('position/ada');
  expect(await view.get('position/ada')).toBeUndefined();
});
