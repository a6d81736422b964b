import { describe, expect, it } from 'vitest';
import { FallbacksUsed, kebabCase } from './fallbacks-used.ts';

describe('the fallbacks used by a request', () => {
  it('are empty in normal operation', () => {
    const outcomes = new FallbacksUsed();
    expect(outcomes.isEmpty).toBe(true);
    expect(outcomes.list()).toEqual([]);
    expect(outcomes.header()).toBe('');
  });

  it('name each port once, in the order of first use, with its fallback', () => {
    const outcomes = new FallbacksUsed();
    outcomes.record('presence', 'skip');
    outcomes.record('rateLimit', 'local');
    outcomes.record('presence', 'skip');
    expect(outcomes.isEmpty).toBe(false);
    expect(outcomes.list()).toEqual(['presence', 'rate-limit']);
    expect(outcomes.header()).toBe('presence=skip, rate-limit=local');
  });
});

describe('kebabCase', () => {
  it.each([
    ['presence', 'presence'],
    ['rateLimit', 'rate-limit'],
    ['failedLoginsByUser', 'failed-logins-by-user'],
  ])('writes %s as %s', (name, written) => {
    expect(kebabCase(name)).toBe(written);
  });
});
