import { createHash } from 'node:crypto';

/** Numbers that look random and follow from a seed alone. */
export interface Random {
  /** From 0 up to, not including, 1. */
  next(): number;
  /** A whole number from `from` to `to`, both included. */
  integer(from: number, to: number): number;
  pick<Item>(items: readonly Item[]): Item;
  /** True with this probability. */
  chance(probability: number): boolean;
  shuffled<Item>(items: readonly Item[]): Item[];
}

/**
 * The generator of one stream of a seed. Streams with different names are independent, so that what
 * one user does next never depends on how fast another one is.
 */
export function randomStream(seed: string, name: string): Random {
  const next = mulberry32(createHash('sha256').update(`${seed}/${name}`).digest().readUInt32LE());
  const integer = (from: number, to: number): number => from + Math.floor(next() * (to - from + 1));
  const pick = <Item>(items: readonly Item[]): Item => {
    const item = items[integer(0, items.length - 1)];
    if (item === undefined) throw new Error('there is nothing to pick from');
    return item;
  };
  return {
    next,
    integer,
    pick,
    chance: (probability) => next() < probability,
    shuffled: (items) =>
      items
        .map((item) => ({ item, key: next() }))
        .sort((a, b) => a.key - b.key)
        .map(({ item }) => item),
  };
}

/** Each key as often as its share says, for {@link Random.pick}. */
export function byShare<Key extends string>(shares: Readonly<Record<Key, number>>): readonly Key[] {
  const entries = Object.entries<number>(shares);
  return entries.flatMap(([key, share]) => Array<Key>(share).fill(key as Key));
}

/** Mulberry32 by Tommy Ettinger (2017), public domain: 32 bits of state, one output a step. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
