import { describe, expect, it } from 'vitest';
import { Generations } from './generations.ts';

describe('Generations', () => {
  it('keeps what is used and drops what is not, without a scan', () => {
    const map = new Generations<string>({ spanMs: 100, maxKeys: 10 });
    map.use('steady', 0, () => 'steady');
    map.use('once', 0, () => 'once');
    expect(map.use('steady', 110, () => 'new')).toBe('steady');
    expect(map.peek('once')).toBe('once');
    expect(map.use('steady', 220, () => 'new')).toBe('steady');
    expect(map.peek('once')).toBeUndefined();
    expect(map.size).toBe(1);
  });

  it('keeps an entry for a whole span after its last use', () => {
    const map = new Generations<number>({ spanMs: 100, maxKeys: 10 });
    map.use('first', 0, () => 0);
    map.use('key', 99, () => 1);
    for (const time of [101, 150, 198]) map.use('other', time, () => 2);
    expect(map.peek('key')).toBe(1);
  });

  it('drops everything after a pause that outlasts both generations', () => {
    const map = new Generations<number>({ spanMs: 100, maxKeys: 10 });
    map.use('key', 0, () => 1);
    map.use('other', 250, () => 2);
    expect(map.size).toBe(1);
  });

  it('has no room beyond its bound, and never forgets a key to make some', () => {
    const map = new Generations<number>({ spanMs: 100, maxKeys: 2 });
    map.use('a', 0, () => 1);
    map.use('b', 110, () => 2);
    expect(map.use('c', 120, () => 3)).toBeUndefined();
    expect(map.use('a', 130, () => 4)).toBe(1);
    expect(map.size).toBe(2);
  });

  it('survives a clock that trembles and one that is set back far', () => {
    const map = new Generations<number>({ spanMs: 100, maxKeys: 10 });
    map.use('key', 1000, () => 1);
    map.use('other', 999, () => 2);
    map.use('other', 998, () => 2);
    expect(map.peek('key')).toBe(1);
    for (const time of [0, 101, 202]) map.use('other', time, () => 2);
    expect(map.peek('key')).toBeUndefined();
  });

  it('walks over both generations', () => {
    const map = new Generations<number>({ spanMs: 100, maxKeys: 10 });
    map.use('old', 0, () => 1);
    map.use('young', 110, () => 2);
    expect([...map.entries()]).toEqual([
      ['old', 1],
      ['young', 2],
    ]);
  });
});
