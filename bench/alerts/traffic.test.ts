import { describe, expect, it } from 'vitest';
import type { TrafficName } from './names.ts';
import { Traffic } from './traffic.ts';

interface Labels {
  readonly alertname: string;
  readonly pod: string;
}

const labelsOf = (body: string): Labels => JSON.parse(body).alerts[0].labels;

function labels(kind: TrafficName, count: number) {
  const traffic = new Traffic(kind, 'a');
  const before = [...traffic.before()].map(labelsOf);
  return { before, later: Array.from({ length: count }, () => labelsOf(traffic.next())) };
}

const names = (all: readonly Labels[]) => new Set(all.map(({ alertname }) => alertname));

describe('the traffic of the benchmark', () => {
  it('that is new repeats no name, within or across measurements', () => {
    const { before, later } = labels('new', 1000);
    expect(before).toEqual([]);
    expect(names(later).size).toBe(1000);
    expect(labelsOf(new Traffic('new', 'b').next()).alertname).not.toBe(later[0]?.alertname);
  });

  it('that is duplicate was all delivered before', () => {
    const { before, later } = labels('duplicate', 1000);
    const known = names(before);
    expect(known.size).toBe(before.length);
    expect([...names(later)].filter((name) => !known.has(name))).toEqual([]);
  });

  it('that is a storm has few names and always new resources, more than five at first', () => {
    const { before, later } = labels('storm', 1000);
    const resources = Map.groupBy(before, ({ alertname }) => alertname);
    for (const own of resources.values()) expect(own.length).toBeGreaterThan(5);
    expect([...names(later)].filter((name) => !resources.has(name))).toEqual([]);
    const all = [...before, ...later];
    expect(new Set(all.map(({ alertname, pod }) => `${alertname} ${pod}`)).size).toBe(all.length);
  });
});
