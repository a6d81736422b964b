import { expect, it } from 'vitest';
import { checkOutcomes, figuresOf } from './measure.ts';

it('counts accepted alerts a second, and has the latencies of those', () => {
  const latenciesMs = Float64Array.from({ length: 200 }, (_, index) => index + 1);
  expect(figuresOf({ latenciesMs, seconds: 4, refused: 3, outcomes: {} })).toEqual({
    ...{ perSecond: 50, p50Ms: 100, p99Ms: 198, refused: 3 },
  });
});

it('refuses a measurement with other outcomes', () => {
  expect(() => checkOutcomes('new', { created: 990, duplicate: 10 })).not.toThrow();
  expect(() => checkOutcomes('storm', { aggregated: 5, created: 1 })).not.toThrow();
  expect(() => checkOutcomes('new', { created: 980, duplicate: 20 })).toThrow(
    'new alerts were answered {"created":980,"duplicate":20}',
  );
  expect(() => checkOutcomes('duplicate', { created: 1 })).toThrow('duplicate alerts');
  expect(() => checkOutcomes('duplicate', {})).toThrow('duplicate alerts were answered {}');
});
