import { describe, expect, it } from 'vitest';
import { limitKey, limitNameOf } from './limiter.ts';

describe('limitKey', () => {
  it('names the limit and hides the subject', () => {
    const key = limitKey('login', '203.0.113.9');
    expect(key).toMatch(/^login:[\w-]{22}$/);
    expect(key).toBe(limitKey('login', '203.0.113.9'));
    expect(key).not.toBe(limitKey('login', '203.0.113.10'));
    expect(limitNameOf(key)).toBe('login');
  });

  it('refuses a name that would make keys ambiguous', () => {
    expect(() => limitKey('a:b', 'subject')).toThrow('must not contain a colon');
  });
});
