import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rendezvousRank } from '../src/proxy/upstreams/rendezvous-hash.ts';

const rank = (key: string, nodes: readonly string[]) => rendezvousRank(key, nodes, (node) => node);
const nodes = fc.uniqueArray(fc.webUrl(), { minLength: 1, maxLength: 8 });

describe('rendezvousRank', () => {
  it('gives every node once, in an order that does not depend on the order of the list', () => {
    fc.assert(
      fc.property(fc.string(), nodes, (key, all) => {
        const ranked = rank(key, all);
        expect([...ranked].sort()).toEqual([...all].sort());
        expect(rank(key, [...all].reverse())).toEqual(ranked);
      }),
    );
  });

  it('keeps the order of the others when a node leaves', () => {
    fc.assert(
      fc.property(fc.string(), nodes, fc.nat(), (key, all, at) => {
        const leaving = all[at % all.length];
        const rest = all.filter((node) => node !== leaving);
        expect(rank(key, rest)).toEqual(rank(key, all).filter((node) => node !== leaving));
      }),
    );
  });

  it('spreads keys evenly', () => {
    const all = ['http://a:1', 'http://b:1', 'http://c:1', 'http://d:1'];
    const wins = new Map<string | undefined, number>();
    for (let key = 0; key < 8000; key += 1) {
      const [best] = rank(`room ${key}`, all);
      wins.set(best, (wins.get(best) ?? 0) + 1);
    }
    // 2000 each with a standard deviation of 39.
    for (const count of wins.values()) expect(Math.abs(count - 2000)).toBeLessThan(200);
    expect(wins.size).toBe(4);
  });
});
