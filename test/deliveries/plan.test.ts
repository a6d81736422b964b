import { describe, expect, it } from 'vitest';
import { randomStream } from '../chaos/random.ts';
import { planDeliveries, webhookOf } from './plan.ts';
import { Queue } from './queue.ts';

const options = { seed: '7', alerts: 50, deliveries: 1000, resolved: 12 };
const plan = planDeliveries(options);

describe('the plan of a run', () => {
  it('follows from its seed, and from nothing else', () => {
    expect(planDeliveries(options)).toEqual(plan);
    expect(planDeliveries({ ...options, seed: '8' })).not.toEqual(plan);
  });

  it('delivers every alert many times, in batches too, some twice in one batch', () => {
    expect(plan.deliveries).toHaveLength(1000);
    const times = Map.groupBy(
      plan.deliveries.flatMap(({ alerts }) => alerts),
      ({ fingerprint }) => fingerprint,
    );
    expect(times.size).toBe(50);
    expect(Math.min(...[...times.values()].map((some) => some.length))).toBeGreaterThanOrEqual(20);
    const batches = plan.deliveries.filter(({ alerts }) => alerts.length > 1);
    expect(batches.length).toBeGreaterThan(50);
    const twice = batches.filter(({ alerts }) => new Set(alerts).size < alerts.length);
    expect(twice.length).toBeGreaterThan(10);
  });

  it('resolves what has fired, and fires it again later', () => {
    const resolved = plan.stories.flatMap((story) => story.resolved.alerts);
    expect(new Set(resolved).size).toBe(12);
    for (const { resolved: over, later } of plan.stories) {
      const again = later.filter(({ status }) => status === 'firing');
      expect(again.length).toBeGreaterThan(1);
      for (const one of again) expect(one.startsAtMs).toBeGreaterThan(over.endsAtMs ?? Infinity);
      expect(later).toContainEqual(over);
    }
  });

  it('is sent as Alertmanager sends it', () => {
    const [story] = plan.stories;
    if (story === undefined) throw new Error('there is a story');
    expect(webhookOf(story.resolved)).toMatchObject({
      version: '4',
      alerts: story.resolved.alerts.map(({ name }) => ({
        status: 'resolved',
        labels: { alertname: name },
        endsAt: '2026-01-01T12:01:00.000Z',
      })),
    });
  });
});

it('a queue holds back the deliveries of an alert, until it is released', () => {
  const held = plan.alerts[3]?.fingerprint ?? '';
  const queue = new Queue(plan.deliveries, [held], randomStream('7', 'queue'));
  const drain = () => {
    const all = [];
    for (let next = queue.next(); next !== undefined; next = queue.next()) all.push(next);
    return all;
  };
  const has = (one: (typeof plan.deliveries)[number]) =>
    one.alerts.some(({ fingerprint }) => fingerprint === held);
  const first = drain();
  expect(first.filter(has)).toEqual([]);
  queue.release(held);
  const second = drain();
  expect(second.every(has)).toBe(true);
  expect(first.length + second.length).toBe(1000);
});
