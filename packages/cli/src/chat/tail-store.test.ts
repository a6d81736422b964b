import { MemoryStore, type Store } from '@secureconnect/client';
import { expect, it } from 'vitest';
import { tailStore } from './tail-store.ts';

const place = { name: 'all', isKept: true, beginsNow: false };

async function placeIn(store: Store): Promise<string | undefined> {
  return store.get('position/ada');
}

it('keeps a place for each thing that is followed', async () => {
  const kept = new MemoryStore();
  await tailStore(place)(kept).set('position/ada', 'here');
  expect(await placeIn(tailStore(place)(kept))).toBe('here');
  expect(await placeIn(tailStore({ ...place, name: 'one' })(kept))).toBeUndefined();
  expect(await placeIn(tailStore({ ...place, isKept: false })(kept))).toBeUndefined();
});

it('begins now where that is asked for, and keeps its place from there', async () => {
  const kept = new MemoryStore();
  await tailStore(place)(kept).set('position/ada', 'here');
  const anew = tailStore({ ...place, beginsNow: true })(kept);
  expect(await placeIn(anew)).toBeUndefined();
  await anew.set('position/ada', 'there');
  expect(await placeIn(tailStore(place)(kept))).toBe('there');
});

it('has the session, and leaves the outbox to those who send', async () => {
  const kept = new MemoryStore();
  await kept.set('session', 'token');
  await kept.set('outbox/ada/1', 'message');
  const store = tailStore(place)(kept);
  expect(await store.get('session')).toBe('token');
  expect(await store.keys('outbox/')).toEqual([]);
});
