import { createLogger } from '@secureconnect/service';
import { afterEach, describe, expect, it } from 'vitest';
import { fileOf } from '../../test/file-of.ts';
import { StoreUnavailable } from '../objects/store-unavailable.ts';
import { removalsLater, removalsNow } from './removals.ts';

const lines: Record<string, unknown>[] = [];
afterEach(() => lines.splice(0));
const log = createLogger({
  service: 'storage',
  level: 'debug',
  write: (line) => lines.push(JSON.parse(line)),
});

const away = new StoreUnavailable('away', new Error('ECONNREFUSED'));
const full = new StoreUnavailable('full', new Error('ENOSPC'));
const denied = Object.assign(new Error('Access Denied'), { name: 'AccessDenied' });
const outage = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
const mistake = new TypeError('removed is not a function');

/** A store and transfers whose every removal fails. */
function failingWith(error: Error) {
  const objects = { remove: () => Promise.reject(error) };
  const database = { query: async () => [], execute: async () => 0 };
  const transfers = {
    discard: async (_file: unknown, onLeft: (objectId: string, why: unknown) => void) =>
      onLeft('o-1', error),
  };
  return { objects, database, transfers };
}

describe('a removal that fails', () => {
  it('is told to the port if the store is down, also that of an upload', async () => {
    const removals = removalsNow(failingWith(away));
    await expect(removals.release('o-1', log)).rejects.toBe(away);
    await expect(removals.discard(fileOf({}), log)).rejects.toBe(away);
    expect(lines).toEqual([]);
  });

  it.each([
    ['a full store', full, 'debug'],
    ['a database that is down', outage, 'debug'],
    ['a store that refuses', denied, 'warn'],
    ['a mistake', mistake, 'error'],
  ])('by %s is left to the sweep, with a line', async (_what, error, level) => {
    const removals = removalsNow(failingWith(error));
    await removals.release('o-1', log);
    await removals.discard(fileOf({}), log);
    expect(lines).toEqual([
      expect.objectContaining({ level, object_id: 'o-1' }),
      expect.objectContaining({ level, object_id: 'o-1' }),
    ]);
  });

  it('in housekeeping is left to the sweep, also while the store is down', async () => {
    const removals = removalsLater(failingWith(away));
    await removals.release('o-1', log);
    await removals.discard(fileOf({}), log);
    expect(lines).toHaveLength(2);
  });
});
