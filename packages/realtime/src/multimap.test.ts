import { expect, it } from 'vitest';
import { Multimap } from './multimap.ts';

const [one, other, third] = [{ name: 'one' }, { name: 'other' }, new Set(['third'])];

it('has the values of each key, each once, in the order in which they were added', () => {
  const map = new Multimap<string, object>();
  expect([...map.of('a')]).toEqual([]);
  for (const value of [one, one, other, third, other]) map.add('a', value);
  map.add('b', third);
  expect([...map.of('a')]).toEqual([one, other, third]);
  expect([...map.of('b')]).toEqual([third]);
  expect(map.size).toBe(2);
});

it('forgets a key with its last value, and nothing when a value is not there', () => {
  const map = new Multimap<string, object>();
  map.add('a', one);
  map.remove('a', other);
  map.remove('b', one);
  expect([...map.of('a')]).toEqual([one]);
  map.add('a', other);
  map.remove('a', one);
  expect([...map.of('a')]).toEqual([other]);
  map.remove('a', one);
  map.remove('a', other);
  expect([...map.of('a')]).toEqual([]);
  map.add('b', one);
  map.remove('b', one);
  expect(map.size).toBe(0);
});
