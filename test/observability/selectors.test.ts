import { describe, expect, it } from 'vitest';
import { metricOf, selectorsOf } from './selectors.ts';

describe('the selectors of an expression', () => {
  it.each([
    ['up == 0', ['up']],
    ['max by (namespace, service) (redis_degraded_mode) == 1', ['redis_degraded_mode']],
    ['sum(rate(a_total{b=~"x|y{1}",c!="or"}[2m])) > 0.1', ['a_total{b=~"x|y{1}",c!="or"}']],
    ['a_total unless on (namespace) b_total or vector(0)', ['a_total', 'b_total']],
    ['histogram_quantile(0.99, sum by (le) (rate(a_bucket[5m])))', ['a_bucket']],
    ['increase(a[$__range]) / a', ['a']],
  ])('%s', (expression, expected) => {
    expect(selectorsOf(expression)).toEqual(expected);
  });

  it('have the name of a metric', () => {
    expect(metricOf('a_total{b="c"}')).toBe('a_total');
    expect(metricOf('up')).toBe('up');
  });
});
