import { describe, expect, it } from 'vitest';
import { wrongOnceReached } from './dependency-outcome.ts';
import type { Outcome } from './outcome.ts';

const due = { status: 504, code: 'GATEWAY_TIMEOUT', happens: 0 } as const;
const right: Outcome = {
  status: 504,
  text: JSON.stringify({ error: { code: 'GATEWAY_TIMEOUT' } }),
  isJson: true,
  degraded: null,
  retryAfter: null,
  durationMs: 2100,
};

describe('the judge of requests that reached a dependency which gave no reply', () => {
  it('accepts the status and the code that say so', () => {
    expect(wrongOnceReached(due, right)).toBeUndefined();
  });

  it.each([
    ['503 instead of 504', { status: 503 }],
    ['another body', { text: JSON.stringify({ error: { code: 'BAD_GATEWAY' } }) }],
    ['X-Degraded "auth-service=skip"', { degraded: 'auth-service=skip' }],
    ['Retry-After 2', { retryAfter: '2' }],
    ['took 7001 ms', { durationMs: 7001 }],
  ])('finds: %s', (said, change) => {
    expect(wrongOnceReached(due, { ...right, ...change })).toContain(said);
  });
});
