import { Uuid } from '@secureconnect/contracts';
import { expect, test } from 'vitest';
import { TimeUuidGenerator } from '../src/timeuuid.ts';

/** The time of a version 1 UUID, put together as RFC 9562, 5.1 lays it out. */
function timeOf(id: string): Date {
  const [low = '', middle = '', high = ''] = id.split('-');
  const ticks = BigInt(`0x${high.slice(1)}${middle}${low}`);
  return new Date(Number(ticks / 10_000n - 12_219_292_800_000n));
}

test('it makes version 1 UUIDs that carry their time', () => {
  const { id, at } = new TimeUuidGenerator(() => Date.UTC(2026, 0, 31, 12)).next();
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-1[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(Uuid.parse(id)).toBe(id);
  expect(at).toEqual(new Date('2026-01-31T12:00:00.000Z'));
  expect(timeOf(id)).toEqual(at);
});

test('it is the UUID that the standard gives as its example', () => {
  // RFC 9562, appendix A.1: C232AB00-9414-11EC-… is 2022-02-22 19:22:22 UTC.
  const { id } = new TimeUuidGenerator(() => Date.UTC(2022, 1, 22, 19, 22, 22)).next();
  expect(id.slice(0, 18)).toBe('c232ab00-9414-11ec');
});

test('its node is not a network card', () => {
  const node = new TimeUuidGenerator().next().id.slice(-12);
  expect(Number.parseInt(node.slice(0, 2), 16) & 1).toBe(1);
});

test('each carries a later time than the previous one, also when the clock is set back', () => {
  let now = 1_800_000_000_000;
  const generator = new TimeUuidGenerator(() => now);
  const made = Array.from({ length: 20_000 }, (_, index) => {
    if (index === 10_000) now -= 60_000;
    return generator.next();
  });
  expect(new Set(made.map(({ id }) => id)).size).toBe(20_000);
  const times = made.map(({ at }) => at.getTime());
  expect(times).toEqual(times.toSorted((one, other) => one - other));
  expect(made.every(({ id, at }) => timeOf(id).getTime() === at.getTime())).toBe(true);
});

test('two generators never create the same', () => {
  const [one, other] = [new TimeUuidGenerator(() => 1), new TimeUuidGenerator(() => 1)];
  expect(one.next().id).not.toBe(other.next().id);
});

test('a generator knows its own', () => {
  const [one, other] = [new TimeUuidGenerator(), new TimeUuidGenerator()];
  expect([one.made(one.next().id), one.made(other.next().id)]).toEqual([true, false]);
});
