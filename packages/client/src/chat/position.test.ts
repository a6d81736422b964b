import { expect, it } from 'vitest';
import { StorageFullError } from '../stores/storage-full-error.ts';
import { MemoryStore } from '../stores/store.ts';
import { Position } from './position.ts';

it('is kept later where the store did not take it', async () => {
  class FullOnce extends MemoryStore {
    isFull = true;

    override async set(key: string, value: string): Promise<void> {
      if (this.isFull) throw new StorageFullError(new Error('full'));
      return super.set(key, value);
    }
  }
  const store = new FullOnce();
  const position = new Position(store, 'ada');
  position.moveTo('7');
  await expect(position.save()).rejects.toThrow(StorageFullError);
  store.isFull = false;
  await position.save();
  const later = new Position(store, 'ada');
  await later.load();
  expect(later.cursor).toBe('7');
});
