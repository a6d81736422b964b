import { expect, it } from 'vitest';
import { FallbackCounts } from './fallback-counts.ts';

it('counts by row and port', () => {
  const counts = new FallbackCounts();
  counts.add('GET /v1/presence', 'presence');
  counts.add('GET /v1/presence', 'presence');
  counts.add('GET /v1/presence', 'revocations');
  expect(counts.of('GET /v1/presence', 'presence')).toBe(2);
  expect(counts.of('GET /v1/presence', 'revocations')).toBe(1);
  expect(counts.of('GET /v1/presence', 'fanOut')).toBe(0);
  expect(counts.of('GET /v1/messages', 'presence')).toBe(0);
});
