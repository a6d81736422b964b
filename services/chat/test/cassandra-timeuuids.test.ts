import { beginning } from '@secureconnect/service';
import { expect, test } from 'vitest';
import { boundOf, bucketOf, bucketOfId, sortKey } from '../src/stores/cassandra/timeuuids.ts';
import { earliestId } from '../src/stores/message-store.ts';
import { TimeUuidGenerator, timeOf } from '../src/timeuuid.ts';

const at = new Date(Date.UTC(2026, 0, 31, 23, 59, 59, 999));

test('a bucket is a day, and that of an id the day that it carries', () => {
  expect(bucketOf(new Date(0))).toBe(0);
  expect(bucketOf(at)).toBe(bucketOf(new Date(at.getTime() + 1)) - 1);
  const { id } = new TimeUuidGenerator(() => at.getTime()).next();
  expect(bucketOfId(id)).toBe(bucketOf(at));
  expect(() => bucketOfId(earliestId)).toThrow('no timeuuid');
});

test('a position is compared by its id, where that carries its time', () => {
  const { id } = new TimeUuidGenerator(() => at.getTime()).next();
  expect(boundOf({ at, id })).toBe(id);
});

test('a position that no timeuuid could be is before or after its millisecond', () => {
  const generator = new TimeUuidGenerator(() => at.getTime());
  const keys = Array.from({ length: 100 }, () => sortKey(generator.next().id));
  const before = boundOf({ at, id: earliestId });
  const after = boundOf({ at, id: '7b0e0a2e-1f5c-4a9e-9d3c-111111111111' });
  expect([timeOf(before), timeOf(after)]).toEqual([at, at]);
  for (const key of keys) {
    expect(sortKey(before) < key && key < sortKey(after)).toBe(true);
  }
  // Its id carries another time than the position: somebody made it up.
  const { id: other } = new TimeUuidGenerator(() => 0).next();
  expect(boundOf({ at, id: other })).toBe(after);
  const last = new TimeUuidGenerator(() => Date.UTC(4999, 0)).next();
  expect(sortKey(boundOf(beginning)) > sortKey(last.id)).toBe(true);
});

test('ids of one time sort by their other bytes as signed ones, as in Cassandra', () => {
  const ids = ['8080-808080808080', '9000-000000000000', '9000-7f0000000000', '7f7f-7f7f7f7f7f7f'];
  const keys = ids.map((rest) => sortKey(`c232ab00-9414-11ec-${rest}`));
  expect(keys).toEqual(keys.toSorted());
});
